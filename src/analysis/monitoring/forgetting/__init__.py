"""Removing a person, and rows that are too old."""
