"""Documents that make pages: one a row of a query, written as ordinary documents."""
