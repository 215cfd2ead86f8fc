"""Tests of what proves that a model predicts the same everywhere."""
