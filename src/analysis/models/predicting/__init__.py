"""Loading a model, once its bytes are known to be its own, and predicting with it."""
