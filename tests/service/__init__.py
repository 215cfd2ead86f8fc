"""Tests of the prediction API."""
