"""``data/sources.yml`` as frozen values: sources, their columns and contracts."""
