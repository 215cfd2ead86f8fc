"""``analysis hook``: what ``_quarto.yml`` names, so that ``quarto render`` publishes."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from analysis.cli.options import run_options

hook = typer.Typer(
    help="Called by `quarto render` through `_quarto.yml`; not by people.",
    no_args_is_help=True,
)


@hook.command("pre-render")
def pre_render() -> None:
    """Refresh the warehouse and _freeze, so that Quarto itself runs no cell.

    Example: project: pre-render: analysis hook pre-render
    """
    from analysis.cli.publishing import prepare_for_quarto
    from analysis.cli.workflow import locked
    from analysis.project import open_project
    from analysis.site.quarto import called_by_us

    if called_by_us():
        return
    project = open_project(Path(os.environ.get("QUARTO_PROJECT_DIR") or "."))
    with locked(project):
        prepare_for_quarto(project, run_options())


@hook.command("post-render")
def post_render() -> None:
    """Release what Quarto rendered, if it rendered the whole site.

    Example: project: post-render: analysis hook post-render
    """
    from analysis.cli.publishing import release_quarto_output
    from analysis.cli.workflow import locked
    from analysis.project import open_project
    from analysis.site.quarto import called_by_us

    whole_site = os.environ.get("QUARTO_PROJECT_RENDER_ALL") == "1"
    if called_by_us() or not whole_site:
        return
    project = open_project(Path(os.environ.get("QUARTO_PROJECT_DIR") or "."))
    with locked(project):
        release_quarto_output(project)
