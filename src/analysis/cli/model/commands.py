"""The commands of ``analysis model``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.model.card import card
from analysis.cli.model.diff import diff
from analysis.cli.model.listing import listing
from analysis.cli.model.predict import predict
from analysis.cli.model.promote import promote
from analysis.cli.model.retire import retire
from analysis.cli.model.show import show
from analysis.cli.model.sql import sql
from analysis.cli.model.stage import stage
from analysis.cli.model.validate import validate

model = typer.Typer(
    help="Keep versions of models, prove them, and decide which one is used.", no_args_is_help=True
)
model.command("list")(listing)
for command in (promote, predict, show, card, diff, sql, validate, stage, retire):
    model.command()(command)


@model.callback()
def group() -> None:
    """Keep versions of models, prove them, and decide which one is used."""
