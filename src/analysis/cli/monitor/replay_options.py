"""The options of ``analysis monitor replay``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[
    str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
]
Folder = Annotated[Path, typer.Argument(help="A folder of the project.")]
First = Annotated[str, typer.Option("--from", metavar="DAY", help="The first day.")]
Last = Annotated[str, typer.Option("--to", metavar="DAY", help="The last day.")]
Sample = Annotated[
    str | None,
    typer.Option(
        "--sample", metavar="NAME", help="Rows are of this sample view; default: the model's."
    ),
]
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="A server; by default one is started, and ended."),
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="KEY", envvar="ANALYSIS_API_KEY", help="The server's key."),
]
Batch = Annotated[
    int,
    typer.Option("--batch", min=1, max=50_000, metavar="ROWS", help="Rows in a request."),
]
Challenger = Annotated[
    float,
    typer.Option(
        "--challenger", min=0, max=1, metavar="SHARE", help="Its share of the keys, from 0 to 1."
    ),
]
LabelDelay = Annotated[
    str,
    typer.Option("--label-delay", metavar="2d", help="How long after its time a label is known."),
]
NoLabels = Annotated[bool, typer.Option("--no-labels", help="Hand in no labels.")]
Again = Annotated[bool, typer.Option("--again", help="Send also rows that are in the log already.")]
