"""Intervals, noise floors and estimates without labels."""
