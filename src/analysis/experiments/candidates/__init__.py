"""Estimators of candidates: found in allowed packages only, put together as pipelines."""
