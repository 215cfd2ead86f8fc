"""Sources, contracts, ingest, views: everything that touches DuckDB."""
