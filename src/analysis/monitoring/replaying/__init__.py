"""Past rows of a sample, predicted as if they came in."""
