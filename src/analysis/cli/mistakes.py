"""Mistakes in `analysis` itself: whether they are shown whole, and how they are told."""

from __future__ import annotations

import os
import sys


def is_debug() -> bool:
    """Say whether errors are shown with the lines of the program that they came from."""
    return "--debug" in sys.argv or bool(os.environ.get("ANALYSIS_DEBUG"))


def is_interrupt(error: BaseException | None) -> bool:
    """Say whether Ctrl-C is behind an error: what is at work in C makes one of its own of it."""
    if error is None:
        return False
    is_of_duckdb = type(error).__name__ == "InterruptException" or (
        type(error) is RuntimeError and str(error) == "Query interrupted"
    )
    is_it = is_of_duckdb or isinstance(error, KeyboardInterrupt)
    return is_it or is_interrupt(error.__cause__ or error.__context__)


def mistake(error: Exception) -> str:
    """Say that an error is no mistake of the user."""
    return f"this is a mistake in `analysis` itself, not in your project: {error!r}"
