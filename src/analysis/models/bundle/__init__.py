"""What a version of a model consists of."""
