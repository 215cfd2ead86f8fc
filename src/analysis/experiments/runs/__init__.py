"""Runs: what is kept of each trained candidate, below ``data/runs/<experiment>/<run>``."""
