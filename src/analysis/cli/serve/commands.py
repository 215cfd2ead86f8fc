"""The commands of ``analysis serve``; each is one file beside this one."""

from __future__ import annotations

import typer

from analysis.cli.serve.compact import compact
from analysis.cli.serve.key import key
from analysis.cli.serve.model import model

serve = typer.Typer(help="Serve models as an API.", no_args_is_help=True)
serve.command("model")(model)
serve.command("compact")(compact)
serve.add_typer(key, name="key")


@serve.callback()
def group() -> None:
    """Serve models as an API."""
