"""Connections to the warehouse: the only place that opens its file for reading."""

from __future__ import annotations

import glob
import os
from dataclasses import replace
from pathlib import Path

import duckdb

from analysis.errors import ProjectError
from analysis.lineage import note
from analysis.lineage.system import RELEASE_VARIABLE, ROOT_VARIABLE
from analysis.project import Project, find_project
from analysis.project.project import SNAPSHOT, WAREHOUSE
from analysis.warehouse.snapshots.snapshot import find_snapshot
from analysis.warehouse.sql import literal


def db(start: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to the warehouse of the project around ``start``, read-only, in the time zone UTC.

    Where ``ANALYSIS_SNAPSHOT`` names a snapshot, that is opened instead. ``start`` is the current
    folder by default, which is the document's own while it runs. Each call gives a connection of
    its own, so that a result which was not read to its end holds up no other; the open file and
    its cache are shared.

    Raises
    ------
    ProjectError
        There is no project, or its warehouse was not built yet, or cannot be read.
    SnapshotError
        There is no such snapshot.
    """
    project = find_project(start or Path.cwd())
    if snapshot := os.environ.get(SNAPSHOT):
        project = replace(project, snapshot=find_snapshot(project, snapshot).id)
    return connect(project)


def connect(project: Project) -> duckdb.DuckDBPyConnection:
    """Connect to the warehouse of ``project``, read-only, in the time zone UTC.

    Raises
    ------
    ProjectError
        It was not built yet, or cannot be read.
    """
    if not project.warehouse.exists():
        # A page that goes on without must run again when there is one.
        note("warehouse", WAREHOUSE)
        raise ProjectError("the warehouse is not built yet", hint="run `analysis ingest`")
    try:
        connection = duckdb.connect(str(project.warehouse), read_only=True)
    except duckdb.Error as error:
        raise ProjectError(
            f"the warehouse cannot be read: {str(error).splitlines()[0]}",
            hint="take another snapshot" if project.snapshot else "run `analysis ingest --force`",
        ) from None
    # A result must not depend on the time zone of the machine.
    connection.execute("set TimeZone = 'UTC'")
    _tell_project(connection, project)
    return connection


def _tell_project(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Say where the live relations of the schema ``meta`` find what they are views on."""
    link = project.published_dir / "current"
    release = link.readlink().name if link.is_symlink() else ""
    root = glob.escape(str(project.root))
    connection.execute(f"set variable {ROOT_VARIABLE} = {literal(root)}")
    connection.execute(f"set variable {RELEASE_VARIABLE} = {literal(release)}")
