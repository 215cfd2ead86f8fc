"""``analysis publish``: from raw data to a released site in one command."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli.options import Force, Jobs, Memory, Preload, Snapshot, Timeout, Wait, run_options


class RendererName(StrEnum):
    """Which renderer makes HTML of the executed pages."""

    auto = "auto"
    quarto = "quarto"
    embedded = "embedded"


def publish(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the site plainly into this folder.")
    ] = None,
    release: Annotated[
        bool, typer.Option("--release/--no-release", help="Make the site the current release.")
    ] = True,
    renderer: Annotated[
        RendererName, typer.Option(help="auto: quarto if it is installed, else embedded.")
    ] = RendererName.auto,
    jobs: Jobs = None,
    timeout: Timeout = None,
    preload: Preload = True,
    force: Force = False,
    memory: Memory = None,
    wait: Wait = True,
    snapshot: Snapshot = None,
) -> None:
    """Build the warehouse, run the stale pages, render the site and release it.

    Any Quarto website of Python or plain Markdown documents can be given.

    Example: analysis publish ~/reports --output /srv/www
    """
    from analysis.cli.publishing import Target, publish_site, shown
    from analysis.cli.workflow import locked, seeing
    from analysis.project import find_project

    start = time.perf_counter()
    project = find_project(folder)
    target = Target(output.resolve() if output else None, release)
    options = run_options(jobs, timeout, preload, force, memory)
    with locked(project, wait=wait):
        project = seeing(project, snapshot)
        published = publish_site(project, options, renderer.value, target)
    seconds = time.perf_counter() - start
    home = shown(published.place / "index.html")
    print(f"{home}: {published.pages} pages, {published.ran} run, {seconds:.1f} s")
    raise typer.Exit(published.exit_code)
