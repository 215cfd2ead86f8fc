"""Predicting in DuckDB, with the query that is in the bundle."""

from __future__ import annotations

from typing import Any

from analysis.errors import DatasetError
from analysis.models.bundle.record import PREDICTION_SQL
from analysis.models.sql.compile import INPUT
from analysis.models.validating.subject import Answers, Subject, WrongError
from analysis.models.validating.ways.rows import Types, check_compiled, in_order, outputs_of

_TYPES: Types = {
    "number": "double",
    "integer": "bigint",
    "boolean": "boolean",
    "category": "varchar",
}


def through_duckdb(subject: Subject) -> Answers:
    """Run ``prediction.sql`` over the golden cases.

    Raises
    ------
    SkippedError
        The model cannot be written as SQL.
    WrongError
        The query fails, or does not give a row for each case.
    """
    from analysis.warehouse.given import VERSION

    check_compiled(subject.bundle)
    taken = {field.name.lower() for field in subject.bundle.fields}
    # The query only passes the key on: it may have any type, and so hold the number of the case.
    free = [key.name for key in subject.bundle.key if key.name.lower() not in taken]
    places = range(len(subject.golden))
    try:
        if free:
            rows = in_order(subject, free[0], _run(subject, free, places))
        else:
            rows = [_one(subject, place) for place in places]
    except DatasetError as error:
        raise WrongError(error.what) from None
    return Answers(VERSION, rows)


def _run(subject: Subject, keys: list[str], places: range) -> list[dict[str, Any]]:
    from analysis.warehouse.given import run_over

    columns = {
        name: values[places.start : places.stop] for name, values in subject.columns().items()
    }
    types = dict.fromkeys(keys, "bigint")
    types |= {field.name: _TYPES[field.type] for field in subject.bundle.fields}
    query = (subject.folder / PREDICTION_SQL).read_text(encoding="utf-8")
    return run_over(INPUT, types, columns | dict.fromkeys(keys, places), query)


def _one(subject: Subject, place: int) -> dict[str, Any]:
    found = _run(subject, [], range(place, place + 1))
    if len(found) != 1:
        raise WrongError(f"it gives {len(found):,} rows for one case")
    return outputs_of(subject.bundle, found[0])
