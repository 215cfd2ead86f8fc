"""Listings: pages that show others, as a list, cards or a table."""
