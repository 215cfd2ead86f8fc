"""Keys by which callers of the server are known."""
