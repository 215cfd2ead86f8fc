"""Alerts: when a rule fires, who is told, and when it is over."""
