"""Tests of loading models and predicting with them."""
