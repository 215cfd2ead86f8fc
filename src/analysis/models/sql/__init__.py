"""A fitted pipeline as one SQL query."""
