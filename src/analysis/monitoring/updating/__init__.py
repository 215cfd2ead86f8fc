"""Bringing what is kept and told of a model up to date, in one step."""
