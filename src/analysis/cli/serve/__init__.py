"""``analysis serve``: models as an API."""
