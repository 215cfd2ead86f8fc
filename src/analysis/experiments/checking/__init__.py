"""Checking an experiment before it runs: its estimators, then what it needs of the warehouse."""
