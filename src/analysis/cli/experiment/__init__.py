"""``analysis experiment``: run candidates, and compare what came of them."""
