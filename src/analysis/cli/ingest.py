"""``analysis ingest``: build the warehouse from the declared sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import MemoryLimit


def ingest(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Record sources that changed without notice.")
    ] = False,
    memory_limit: MemoryLimit = None,
) -> None:
    """Build data/warehouse.duckdb from data/sources.yml and data/sql.

    Does nothing when the sources and views did not change.

    Example: analysis ingest --force
    """
    from analysis.cli.workflow import locked, refresh_warehouse
    from analysis.project import find_project
    from analysis.warehouse.ingest import IngestOptions

    project = find_project(folder)
    with locked(project):
        options = IngestOptions(force, accept, memory_limit)
        if not refresh_warehouse(project, options):
            print("the warehouse is up to date")
