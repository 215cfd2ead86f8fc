"""Models in production: what they predicted, what came true, and whether it matters."""
