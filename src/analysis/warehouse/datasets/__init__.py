"""Datasets: a sample view joined with feature views, checked, and read in one query."""
