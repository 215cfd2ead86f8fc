"""Metrics as SQL on counts by day."""
