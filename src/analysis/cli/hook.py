"""``analysis hook``: what ``_quarto.yml`` names so that ``quarto render`` refreshes and releases."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from analysis.cli.options import run_options

hook = typer.Typer(
    help="Called by `quarto render` through `_quarto.yml`; not by people.",
    no_args_is_help=True,
)

# Set while we call Quarto ourselves: then everything around it is done by `publish`.
GUARD = "ANALYSIS_PUBLISHING"


@hook.command("pre-render")
def pre_render() -> None:
    """Refresh the warehouse and _freeze, so that Quarto itself runs no cell.

    Example: project: pre-render: analysis hook pre-render
    """
    from analysis.cli.workflow import locked, prepare_for_quarto
    from analysis.project import open_project

    if os.environ.get(GUARD):
        return
    project = open_project(Path(os.environ.get("QUARTO_PROJECT_DIR") or "."))
    with locked(project):
        prepare_for_quarto(project, run_options(None, None, True, False))


@hook.command("post-render")
def post_render() -> None:
    """Release what Quarto rendered, if it rendered the whole site.

    Example: project: post-render: analysis hook post-render
    """
    from analysis.cli.workflow import locked, release_quarto_output
    from analysis.project import open_project

    whole_site = os.environ.get("QUARTO_PROJECT_RENDER_ALL") == "1"
    if os.environ.get(GUARD) or not whole_site:
        return
    project = open_project(Path(os.environ.get("QUARTO_PROJECT_DIR") or "."))
    with locked(project):
        release_quarto_output(project)
