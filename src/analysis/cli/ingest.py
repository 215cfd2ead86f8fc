"""``analysis ingest``: build the warehouse from the declared sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def ingest(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build data/warehouse.duckdb from data/sources.yml and data/sql.

    Does nothing when the sources and views did not change.

    Example: analysis ingest --force
    """
    from analysis.cli.workflow import locked, refresh_warehouse
    from analysis.project import find_project

    project = find_project(folder)
    with locked(project):
        if not refresh_warehouse(project, force=force):
            print("the warehouse is up to date")
