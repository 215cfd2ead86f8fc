"""Where what monitoring keeps lies."""
