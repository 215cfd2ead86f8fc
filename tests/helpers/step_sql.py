"""Running a compiled transformer on real databases, beside what scikit-learn makes of each row."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlglot import exp

from analysis.models.bundle.record import Field
from analysis.models.predicting.predictor import frame_of
from analysis.models.sql.compile import fields_of
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place, column, number, table
from analysis.models.sql.written import written
from tests.helpers.prediction_sql import on_duckdb, on_postgres, on_sqlite

Columns = Mapping[str, Sequence[Any]]
Row = list[float | str | None]


def step_query(step: Any, fields: Sequence[Field]) -> exp.Select:
    """Write a fitted step as a query that gives its columns; all `NULL` where it raises."""
    layers = Layers("input", ("id",))
    terms = transformed(step, fields_of(fields, layers), layers, Place(("step",)))
    made = layers.add("made", terms)
    values = [term.expression for term in made]
    if layers.refused:
        is_taken = exp.EQ(this=column(layers.refused), expression=number(0.0))
        values = [exp.Case().when(is_taken.copy(), value) for value in values]
    named = [exp.alias_(value, f"v{place}", quoted=True) for place, value in enumerate(values)]
    query = exp.select(column("id"), *named).from_(table(layers.last))
    for name, select in layers.ctes:
        query = query.with_(exp.to_identifier(name, quoted=True), as_=select)
    return query


def by_sql(
    database: str, step: Any, fields: Sequence[Field], columns: Columns, con: Any = None
) -> list[Row]:
    """Say what a database makes of rows; PostgreSQL over a connection."""
    sql = written(step_query(step, fields), database)
    if database == "postgres":
        rows = on_postgres(con, sql, fields, columns)
    else:
        run = {"duckdb": on_duckdb, "sqlite": on_sqlite}[database]
        rows = run(sql, fields, columns)
    return [[*row[1:]] for row in rows]


def by_python(step: Any, fields: Sequence[Field], columns: Columns) -> list[Row]:
    """Say what scikit-learn makes of rows; nothing but `None` of a row where it raises."""
    found = _made(step, frame_of(fields, columns))
    wide = max((len(row) for row in found if row is not None), default=0)
    return [[None] * wide if row is None else row for row in found]


def _made(step: Any, frame: pd.DataFrame) -> list[Row | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = step.transform(frame)
        except ValueError:
            if len(frame) == 1:
                return [None]
            half = len(frame) // 2
            return [*_made(step, frame[:half]), *_made(step, frame[half:])]
    dense = made.toarray() if hasattr(made, "toarray") else np.asarray(made, dtype=object)
    return [[_plain(value) for value in row] for row in dense]


def _plain(value: Any) -> float | str | None:
    if isinstance(value, str):
        return value
    return None if value is None or np.isnan(value) else float(value)


def assert_same(found: Sequence[Row], wanted: Sequence[Row], tolerance: float = 1e-12) -> None:
    """See that both say the same of every row."""
    assert len(found) == len(wanted)
    for place, (ours, theirs) in enumerate(zip(found, wanted, strict=True)):
        assert len(ours) == len(theirs) or not theirs, (place, ours, theirs)
        for one, other in zip(ours, theirs, strict=False):
            assert _is_close(one, other, tolerance), (place, ours, theirs)


def _is_close(one: Any, other: Any, tolerance: float) -> bool:
    if not isinstance(one, float) or not isinstance(other, float):
        return bool(one == other)
    return abs(one - other) <= tolerance * max(1.0, abs(other))
