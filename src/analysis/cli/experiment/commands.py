"""The commands of ``analysis experiment``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.experiment.rerun import rerun
from analysis.cli.experiment.run import run

experiment = typer.Typer(
    help="Run candidates, and compare what came of them.", no_args_is_help=True
)
for command in (run, rerun):
    experiment.command()(command)


@experiment.callback()
def group() -> None:
    """Run candidates, and compare what came of them."""
