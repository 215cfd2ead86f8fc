"""Building a whole new warehouse file, and knowing what is in it."""
