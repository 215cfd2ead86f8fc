"""``analysis run``: execute the stale pages and freeze their results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import Force, Jobs, Memory, Preload, Snapshot, Timeout, Wait, run_options


def run(
    pages: Annotated[
        list[str] | None, typer.Argument(help="Documents or folders; default: all.")
    ] = None,
    jobs: Jobs = None,
    timeout: Timeout = None,
    preload: Preload = True,
    force: Force = False,
    memory: Memory = None,
    wait: Wait = True,
    snapshot: Snapshot = None,
) -> None:
    """Execute the stale pages and write their results to _freeze.

    A page that fails stops no other; its last good result stays. Exit code 1 then.

    Example: analysis run chapters/weather.qmd --timeout 60
    """
    from analysis.cli.generating import with_generated_pages
    from analysis.cli.workflow import (
        choose,
        locked,
        read_documents,
        refresh_models,
        run_pages,
        seeing,
        summarize,
    )
    from analysis.project import find_project

    project = find_project(Path())
    with locked(project, wait=wait):
        refresh_models(project)
        project = with_generated_pages(seeing(project, snapshot))
        documents = read_documents(project, choose(project, pages or []))
        result = run_pages(project, documents, run_options(jobs, timeout, preload, force, memory))
    raise typer.Exit(summarize(result))
