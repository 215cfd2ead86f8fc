"""From where a source lies to rows in DuckDB: one module for each kind of source."""
