"""What `data/monitors.yml` declares."""
