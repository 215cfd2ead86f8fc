"""The command line: the only place that knows everything and prints."""

from analysis.cli.boundary import main

__all__ = ["main"]
