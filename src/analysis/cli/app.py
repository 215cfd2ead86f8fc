"""The commands of ``analysis``; each is one file beside this one."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.cli.backup import backup
from analysis.cli.doctor import doctor
from analysis.cli.experiment.commands import experiment
from analysis.cli.hook import hook
from analysis.cli.impact import impact
from analysis.cli.ingest import ingest
from analysis.cli.model.commands import model
from analysis.cli.monitor.commands import monitor
from analysis.cli.publish import publish
from analysis.cli.restore import restore
from analysis.cli.run import run
from analysis.cli.serve.commands import serve
from analysis.cli.snapshot import snapshot
from analysis.cli.status import status
from analysis.cli.test import test

app = typer.Typer(
    name="analysis",
    help="Bring a Quarto website up to date: only what changed, in parallel, released in one step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(shown: bool) -> None:
    if shown:
        from importlib.metadata import version

        print(f"analysis {version('analysis')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Hold the options that every command has; ``--debug`` is read by the boundary."""


for command in (ingest, test, run, status, impact, publish, doctor, backup, restore):
    app.command()(command)
app.add_typer(snapshot, name="snapshot")
app.add_typer(experiment, name="experiment")
app.add_typer(model, name="model")
app.add_typer(monitor, name="monitor")
app.add_typer(serve, name="serve")
app.add_typer(hook, name="hook")
