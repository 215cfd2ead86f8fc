"""Contracts of sources: their rules, checked in one scan, and what becomes of rows that fail."""
