"""Experiments: specified in ``data/experiments``, run as candidates, compared honestly."""
