"""Tests of ``analysis model``."""
