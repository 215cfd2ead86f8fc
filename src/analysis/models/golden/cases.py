"""Golden cases: inputs that are made up to be hard, and what the promoted model says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.errors import ModelError
from analysis.models.bundle.record import Field, GoldenCase
from analysis.models.golden.draws import Value, drawn, typical, unseen_texts
from analysis.models.golden.thresholds import around, thresholds
from analysis.models.predicting.predictor import Predictor

Row = dict[str, Value]
_ORDINARY = 50
# So many rows of each kind at most: a forest has more thresholds than a file should hold.
MOST = 1500
_SEED = 20130401


@dataclass(frozen=True)
class Golden:
    """Golden cases, how many thresholds the model has, and what there was no room for.

    ``left_out`` counts thresholds, ``categories_left_out`` categories that no case is about.
    """

    cases: tuple[GoldenCase, ...]
    thresholds: int
    left_out: int
    categories_left_out: int

    @property
    def kinds(self) -> Mapping[str, int]:
        """Count the cases of each kind."""
        return Counter(case.kind for case in self.cases)


def golden(predictor: Predictor) -> Golden:
    """Make golden cases for a model that was loaded; the same for the same model.

    Raises
    ------
    ModelError
        The model predicts nothing for some of them.
    """
    fields = predictor.bundle.fields
    random = np.random.default_rng(_SEED)
    near, known, left_out = _near(predictor, random)
    kinds: list[tuple[str, list[Row]]] = [
        ("ordinary", _rows(fields, _ORDINARY, random)),
        ("category", _packed(fields, {f.name: [*f.categories[:MOST]] for f in fields}, random)),
        ("unseen", [*_unseen(fields, random)]),
        ("null", [*_nulls(fields, random)]),
        ("threshold", _packed(fields, near, random)),
        ("edge", [*_edges(fields, random)]),
    ]
    inputs = [(kind, row) for kind, rows in kinds for row in rows]
    outputs = _outputs(predictor, [row for _, row in inputs])
    return Golden(
        tuple(
            GoldenCase(kind, row, said) for (kind, row), said in zip(inputs, outputs, strict=True)
        ),
        known,
        left_out,
        sum(max(0, len(field.categories) - MOST) for field in fields),
    )


def _outputs(predictor: Predictor, rows: Sequence[Row]) -> list[dict[str, Any]]:
    columns = {f.name: [row[f.name] for row in rows] for f in predictor.bundle.fields}
    try:
        found = predictor.predict(columns)
    except ValueError as error:
        raise ModelError(
            f"the model predicts nothing for some golden cases: {str(error).splitlines()[0]}",
            None,
            "look at what its candidate does with missing and unseen values together",
        ) from None
    return [{name: found[name][row] for name in found} for row in range(len(rows))]


def _near(
    predictor: Predictor, random: np.random.Generator
) -> tuple[Mapping[str, list[Value]], int, int]:
    """Give values at and next to thresholds by field, the number of these, and of those left out.

    Where there are too many, those that are taken are spread evenly over all.
    """
    found: dict[str, list[Value]] = {}
    known = left_out = 0
    every = thresholds(predictor.estimator, predictor.bundle.fields)
    for field in predictor.bundle.fields:
        values = [near for value in every.get(field.name, ()) if (near := around(field, value))]
        known += len(values)
        size = max(map(len, values), default=1)
        taken = values
        if len(values) > MOST // size:
            places = np.linspace(0, len(values) - 1, MOST // size).round().astype(int)
            taken = [values[place] for place in places]
        left_out += len(values) - len(taken)
        flat = [value for near in taken for value in near]
        # In another order for each field, so that not all are high or low at once.
        found[field.name] = [flat[place] for place in random.permutation(len(flat))]
    return found, known, left_out


def _rows(fields: Sequence[Field], count: int, random: np.random.Generator) -> list[Row]:
    columns = {field.name: drawn(field, count, random) for field in fields}
    return [{name: columns[name][row] for name in columns} for row in range(count)]


def _packed(
    fields: Sequence[Field], wanted: Mapping[str, Sequence[Value]], random: np.random.Generator
) -> list[Row]:
    """Make rows that have one wanted value of each field at once; where none is left, others."""
    rows = _rows(fields, max(map(len, wanted.values()), default=0), random)
    for name, values in wanted.items():
        for row, value in zip(rows, values, strict=False):
            row[name] = value
    return rows


def _unseen(fields: Sequence[Field], random: np.random.Generator) -> Iterator[Row]:
    open_ones = [field for field in fields if field.unseen]
    for field in open_ones:
        yield {**_rows(fields, 1, random)[0], field.name: unseen_texts(field)[0]}
    yield from _packed(fields, {field.name: unseen_texts(field) for field in open_ones}, random)


def _nulls(fields: Sequence[Field], random: np.random.Generator) -> Iterator[Row]:
    nullable = [field for field in fields if field.nullable]
    for field in nullable:
        yield {**_rows(fields, 1, random)[0], field.name: None}
    if nullable:
        yield {**_rows(fields, 1, random)[0], **dict.fromkeys([f.name for f in nullable])}


def _edges(fields: Sequence[Field], random: np.random.Generator) -> Iterator[Row]:
    """Give rows at the ends of ranges, at nought and with whole numbers: all at once and singly."""
    usual = {field.name: typical(field) for field in fields}
    for edges in zip(*(_edges_of(field) for field in fields), strict=True):
        yield {field.name: edge for field, edge in zip(fields, edges, strict=True)}
    for field in fields:
        for value in _edges_of(field)[:2] if field.type != "category" else ():
            yield {**usual, field.name: value}
            yield {**_rows(fields, 1, random)[0], field.name: value}


def _edges_of(field: Field) -> tuple[Value, ...]:
    """Give the lowest, the highest, nought, nought below nought, and a whole number as such."""
    usual = typical(field)
    if field.type == "boolean":
        flags = (False, True) if usual is not None else (None, None)
        return (*flags, *flags, usual)
    if field.type == "category" or field.low is None or field.high is None:
        return (usual,) * 5
    whole = field.type == "integer"
    ends = (int(field.low), int(field.high)) if whole else (field.low, field.high)
    if not field.low <= 0 <= field.high:
        return (*ends, *ends, _whole(field, usual))
    return (*ends, 0 if whole else 0.0, 0 if whole else -0.0, _whole(field, usual))


def _whole(field: Field, usual: Value) -> Value:
    assert field.low is not None and field.high is not None and isinstance(usual, int | float)
    near = round(usual)
    return near if field.low <= near <= field.high else usual
