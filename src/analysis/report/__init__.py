"""What documents show: tables, charts and numbers in one look."""
