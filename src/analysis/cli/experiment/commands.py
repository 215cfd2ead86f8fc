"""The commands of ``analysis experiment``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.experiment.compare import compare
from analysis.cli.experiment.diff import diff
from analysis.cli.experiment.export import export
from analysis.cli.experiment.listing import listing
from analysis.cli.experiment.prune import prune
from analysis.cli.experiment.rerun import rerun
from analysis.cli.experiment.run import run
from analysis.cli.experiment.show import show

experiment = typer.Typer(
    help="Run candidates, and compare what came of them.", no_args_is_help=True
)
experiment.command()(run)
experiment.command("list")(listing)
for command in (show, compare, diff, rerun, prune, export):
    experiment.command()(command)


@experiment.callback()
def group() -> None:
    """Run candidates, and compare what came of them."""
