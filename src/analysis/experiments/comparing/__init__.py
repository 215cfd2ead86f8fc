"""Comparing runs: differences with intervals, what a split flatters, what changed."""
