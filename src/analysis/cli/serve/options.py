"""The options of ``analysis serve model``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Name = Annotated[
    str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
]
Folder = Annotated[Path, typer.Argument(help="A folder of the project.")]
Stage = Annotated[str, typer.Option("--stage", help="Serve the version at this stage.")]
Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")
]
Challenger = Annotated[
    float,
    typer.Option(
        "--challenger", min=0, max=1, metavar="SHARE", help="Its share of the keys, from 0 to 1."
    ),
]
Shadow = Annotated[
    bool, typer.Option("--shadow", help="The challenger predicts too, and is only logged.")
]
OutOfRange = Annotated[
    str,
    typer.Option(
        "--out-of-range",
        metavar="refuse|allow",
        help="What becomes of numbers beyond those of the training rows.",
    ),
]
Sample = Annotated[
    str | None, typer.Option("--sample", metavar="NAME", help="Keys are of this sample view.")
]
RequireKey = Annotated[
    bool, typer.Option("--require-key", help="Ask for an API key on this machine too.")
]
MaxBody = Annotated[
    float, typer.Option("--max-body", min=0.001, metavar="MB", help="The largest body.")
]
MaxRows = Annotated[
    int, typer.Option("--max-rows", min=1, metavar="N", help="The most rows of a request.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.1, metavar="S", help="Seconds for a request.")
]
Personal = Annotated[
    str,
    typer.Option(
        "--personal", metavar="hash|omit", help="How personal values are logged, if they are."
    ),
]
Fsync = Annotated[
    bool, typer.Option("--fsync", help="Answers outlive a loss of power, not only a crash.")
]
Concurrency = Annotated[
    int, typer.Option("--concurrency", min=1, metavar="N", help="Requests worked on at once.")
]
