"""Commands on models in production."""
