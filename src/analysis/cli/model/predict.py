"""``analysis model predict``: predict the rows of a file into another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.models.predicting.checks import OutOfRange

_ROWS = 20_000


def predict(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    *,
    source: Annotated[
        Path, typer.Option("--input", metavar="FILE", help="Rows: a Parquet or CSV file.")
    ],
    target: Annotated[
        Path, typer.Option("--output", metavar="FILE", help="The Parquet file to write.")
    ],
    keep: Annotated[
        str | None,
        typer.Option(metavar="COLUMNS", help="Columns to pass on; default: the model's key."),
    ] = None,
    out_of_range: Annotated[
        str,
        typer.Option(metavar="refuse|allow", help="Values beyond those of training."),
    ] = "refuse",
    chunk: Annotated[int, typer.Option(min=1, metavar="ROWS", help="Rows at a time.")] = _ROWS,
) -> None:
    """Predict the rows of a file, which may be larger than memory; nothing is written if one fails.

    The file needs the columns that the model takes; others are passed over. Each value is checked
    as the API does. Without a version it is the champion, else the newest one.

    Example: analysis model predict late-flights --input rows.parquet --output predictions.parquet
    """
    from analysis.cli.console import passing
    from analysis.cli.model.opened import found, opened
    from analysis.models.predicting.batch import Batch, predict_file
    from analysis.models.predicting.predictor import open_predictor
    from analysis.models.registry.stages import name_of
    from analysis.project import find_project

    project = find_project(folder)
    registry = opened(project)
    version, _ = found(registry, name)
    predictor = open_predictor(registry.folder(version), project)
    names = None if keep is None else tuple(n for n in map(str.strip, keep.split(",")) if n)
    batch = Batch(source, target, names, chunk, _way(out_of_range))
    with passing() as show:
        rows = predict_file(predictor, batch, lambda done: show(f"{done:,} rows"))
    print(f"predicted {rows:,} rows by {name_of(version)} to {target}")


def _way(text: str) -> OutOfRange:
    from analysis.errors import ModelError

    if text == "refuse":
        return "refuse"
    if text == "allow":
        return "allow"
    raise ModelError(
        f"values out of range are not to be `{text}`", hint="`--out-of-range` is refuse or allow"
    )
