"""Which version answers which row: champion and challenger."""
