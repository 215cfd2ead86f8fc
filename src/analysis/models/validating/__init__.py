"""Golden cases through Python, the API and SQL: the parity certificate."""
