"""Mistakes in `analysis` itself: whether they are shown whole, and how they are told."""

from __future__ import annotations

import os
import sys


def is_debug() -> bool:
    """Say whether errors are shown with the lines of the program that they came from."""
    return "--debug" in sys.argv or bool(os.environ.get("ANALYSIS_DEBUG"))


def is_interrupt(error: Exception) -> bool:
    """Say whether Ctrl-C came while DuckDB was at work, which makes an error of its own of it."""
    return type(error) is RuntimeError and str(error) == "Query interrupted"


def mistake(error: Exception) -> str:
    """Say that an error is no mistake of the user."""
    return f"this is a mistake in `analysis` itself, not in your project: {error!r}"
