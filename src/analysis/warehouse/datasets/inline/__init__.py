"""A dataset as one query that stands for itself, for DuckDB and for other databases."""
