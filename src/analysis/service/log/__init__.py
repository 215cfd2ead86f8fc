"""The log of predictions: every one is in it before it is answered."""
