"""Predicting the rows of a file into another, piece by piece: memory does not grow with them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import Location, ModelError
from analysis.experiments.checking.kinds import kind_of, short
from analysis.models.bundle.record import PREDICTION, Bundle, Field
from analysis.models.predicting.checks import Fault, OutOfRange, check_columns
from analysis.models.predicting.predictor import Predictor
from analysis.warehouse.rowfiles import RowFile, open_rows, written_rows
from analysis.warehouse.sql import identifier

_SHOWN = 5
# What columns of a CSV file, which has no types, are read as.
_READ_AS = {"number": "DOUBLE", "integer": "DOUBLE", "boolean": "BOOLEAN", "category": "VARCHAR"}


@dataclass(frozen=True)
class Batch:
    """What is to be predicted, and how.

    ``keep`` are columns that are passed on; ``None`` means those of the key that are there.
    """

    source: Path
    target: Path
    keep: tuple[str, ...] | None = None
    rows: int = 20_000
    out_of_range: OutOfRange = "refuse"


def predict_file(
    predictor: Predictor, batch: Batch, report: Callable[[int], None] = lambda rows: None
) -> int:
    """Predict all rows of a file, in their order, and give their number.

    The file that is written has the columns that are kept, then the bundle's outputs. It is there
    only if all rows could be predicted. ``report`` is called with the number of rows so far.

    Raises
    ------
    ModelError
        The file lacks a column, or a row is not what the model takes; which, and why.
    ProjectError
        A file cannot be read or written.
    """
    bundle = predictor.bundle
    file = open_rows(batch.source, _types(bundle))
    kept = _kept(bundle, batch, file)
    expressions = [*_expressions(bundle.fields, file), *map(identifier, kept)]
    columns = {**{name: file.columns[name] for name in kept}, **output_types(bundle)}
    done = 0
    with written_rows(batch.target, columns) as writer:
        for piece in file.pieces(expressions, batch.rows):
            values = [*map(list, zip(*piece, strict=True))]
            given = dict(zip((f.name for f in bundle.fields), values, strict=False))
            answers = _predicted(predictor, given, batch, done)
            writer.write([*values[len(bundle.fields) :], *answers.values()])
            done += len(piece)
            report(done)
    return done


def output_types(bundle: Bundle) -> dict[str, str]:
    """Give the types of what the model gives, in DuckDB."""
    labels = {"text": "VARCHAR", "boolean": "BOOLEAN", "integer": "BIGINT"}
    label = "DOUBLE" if bundle.task == "regression" else labels[bundle.class_type]
    return {o.name: label if o.name == PREDICTION else "DOUBLE" for o in bundle.outputs}


def _predicted(
    predictor: Predictor, given: Mapping[str, list[Any]], batch: Batch, before: int
) -> dict[str, list[Any]]:
    fields = predictor.bundle.fields
    if faults := check_columns(fields, given, batch.out_of_range):
        moved = [Fault(f.field, (f.row or 0) + before, f.what) for f in faults]
        raise _refused(moved, batch)
    try:
        return predictor.predict(given)
    except ValueError as error:
        rows = f"{before + 1:,} to {before + len(next(iter(given.values()))):,}"
        raise ModelError(
            f"the model cannot predict some of the rows {rows}: {str(error).splitlines()[0]}",
            Location(batch.source.name),
        ) from None


def _refused(faults: Sequence[Fault], batch: Batch) -> ModelError:
    told = [str(fault) for fault in faults[:_SHOWN]]
    more = f"; and {len(faults) - _SHOWN} other columns" if len(faults) > _SHOWN else ""
    ranges = any("is not from" in fault.what for fault in faults)
    return ModelError(
        "; ".join(told) + more,
        Location(batch.source.name),
        "`--out-of-range allow` predicts beyond what the model was trained on"
        if ranges
        else "mend these rows, or leave them out",
    )


def _types(bundle: Bundle) -> dict[str, str]:
    keys = {key.name: key.type for key in bundle.key}
    return keys | {field.name: _READ_AS[field.type] for field in bundle.fields}


def _kept(bundle: Bundle, batch: Batch, file: RowFile) -> tuple[str, ...]:
    wanted = batch.keep
    if wanted is None:
        wanted = tuple(key.name for key in bundle.key if key.name in file.columns)
    given = [output.name.lower() for output in bundle.outputs]
    for name in wanted:
        if name not in file.columns:
            raise _no_column(name, file, "")
        if name.lower() in given:
            raise ModelError(
                f"`{name}` is called like what the model gives, and cannot be kept",
                Location(file.path.name),
                "leave it out of `--keep`, or give it another name in the file",
            )
    return tuple(dict.fromkeys(wanted))


def _expressions(fields: Sequence[Field], file: RowFile) -> Iterator[str]:
    """Read each field so that its values are those of JSON."""
    for field in fields:
        if field.name not in file.columns:
            raise _no_column(field.name, file, ", which the model takes")
        name, kind = identifier(field.name), file.columns[field.name]
        wanted = "number" if field.type == "integer" else field.type
        if kind_of(kind) != wanted and kind != '"NULL"':
            raise ModelError(
                f"`{field.name}` is of type {short(kind)}, and the model takes a {field.type}",
                Location(file.path.name),
                "cast it when the file is written",
            )
        if field.type == "category":
            yield f"{name}::varchar"
        elif kind.startswith(("DECIMAL", "FLOAT")):
            yield f"{name}::double"
        else:
            yield name


def _no_column(name: str, file: RowFile, more: str) -> ModelError:
    close = difflib.get_close_matches(name, [*file.columns], n=1)
    listed = ", ".join([*file.columns][:12])
    return ModelError(
        f"there is no column `{name}`{more}",
        Location(file.path.name),
        f"is it called `{close[0]}`?" if close else f"it has {listed}",
    )
