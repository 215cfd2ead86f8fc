"""Connections to the warehouse: the only place that opens its file."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.errors import ProjectError
from analysis.project import find_project


def db(start: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to the warehouse of the project around ``start``, read-only.

    ``start`` is the current folder by default, which is the document's own while it runs.

    Raises
    ------
    ProjectError
        There is no project, or its warehouse was not built yet.
    """
    project = find_project(start or Path.cwd())
    if not project.warehouse.exists():
        raise ProjectError("the warehouse is not built yet", hint="run `analysis ingest`")
    return duckdb.connect(str(project.warehouse), read_only=True)
