"""Metrics of predictions: by fold, and with the intervals that a bootstrap of blocks gives."""
