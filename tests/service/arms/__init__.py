"""Tests of who answers which row."""
