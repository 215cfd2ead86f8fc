"""``data/experiments/<name>.yml`` as frozen values."""
