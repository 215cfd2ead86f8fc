"""Versions of models on a board, and their stages."""
