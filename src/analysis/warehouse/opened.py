"""Databases in memory that read files of Parquet and lines of JSON, for what is counted of logs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from analysis.errors import Location, ProjectError
from analysis.files import fresh_folder
from analysis.warehouse.sql import literal

# What it may hold at once; the rest is on the disk.
_MEMORY = "1200MB"


@contextlib.contextmanager
def in_memory(spill: Path, memory: str = _MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database of its own in the time zone UTC; what is too large goes below ``spill``."""
    with fresh_folder(spill, ".spilled-") as folder, duckdb.connect() as con:
        con.execute(f"set TimeZone = 'UTC'; set memory_limit = '{memory}'")
        con.execute(f"set temp_directory = {literal(str(folder))}")
        # It would be printed among what the command prints.
        con.execute("set enable_progress_bar = false")
        yield con


@contextlib.contextmanager
def telling(what: str, where: Location | None = None) -> Iterator[None]:
    """Turn an error of DuckDB into one that says ``what`` cannot be done, and why.

    Raises
    ------
    ProjectError
        DuckDB refuses.
    """
    try:
        yield
    except duckdb.Error as error:
        said = " ".join(str(error).split())[:300]
        raise ProjectError(f"{what}: {said}", where) from None
