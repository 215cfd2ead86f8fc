"""Fixtures for all tests."""

from tests.helpers.postgres import postgres

__all__ = ["postgres"]
