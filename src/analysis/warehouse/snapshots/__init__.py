"""Copies of the warehouse that stay: taken, brought back, sent elsewhere and fetched again."""
