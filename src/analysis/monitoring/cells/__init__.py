"""Counts of predictions by day and cell."""
