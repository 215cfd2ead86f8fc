"""Golden cases: inputs, and what the model says of them."""
