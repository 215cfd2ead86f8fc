"""From what an estimator says to the outputs of a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlglot import exp

from analysis.models.bundle.record import Bundle, Output
from analysis.models.sql.answers import answers
from analysis.models.sql.estimators import Scores
from analysis.models.sql.fields import field_term
from analysis.models.sql.term import Layers, Place, UncompilableError, number
from analysis.models.sql.written import written
from tests.helpers.bundles import bundle_of
from tests.helpers.postgres import Postgres
from tests.helpers.prediction_sql import on_duckdb, on_postgres, on_sqlite, plain_field

CHANCES = {
    2: [[0.5, 0.5], [0.25, 0.75], [0.75, 0.25], [None, 0.5]],
    3: [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.1, 0.2, 0.7], [0.5, None, 0.5]],
    5: [
        [0.2, 0.2, 0.2, 0.2, 0.2],
        [0.1, 0.3, 0.3, 0.2, 0.1],
        [0.1, 0.1, 0.1, 0.1, 0.6],
        [0.1, 0.1, 0.1, None, 0.6],
    ],
}
NAMES = ("'a'", 'B "b"', "ö", "", "e;--")


def _bundle(classes: int) -> Bundle:
    names = NAMES[:classes]
    outputs = [Output(f"probability_{name}", name) for name in names]
    if classes == 2:
        outputs = [Output("probability", names[0])]
    return replace(
        bundle_of("multiclass"),
        classes=names,
        positive=names[0],
        fields=tuple(plain_field(f"p{n}") for n in range(classes)),
        outputs=(Output("prediction"), *outputs),
    )


def _query(bundle: Bundle, trained: Sequence[int], *, code: bool = False) -> exp.Select:
    layers = Layers("input", ("id",))
    terms = layers.add("field", [field_term(field) for field in bundle.fields])
    chances = tuple(terms[code].expression for code in trained)
    scores = Scores(probabilities=chances, code=terms[0].expression if code else None)
    query = answers(scores, trained, bundle, layers, Place(("model",)))
    for name, select in layers.ctes:
        query = query.with_(exp.to_identifier(name, quoted=True), as_=select)
    return query


def _run(database: str, query: exp.Select, bundle: Bundle, rows: Any, postgres: Any = None) -> Any:
    columns = {f.name: [row[n] for row in rows] for n, f in enumerate(bundle.fields)}
    sql = written(query, database)
    if database == "postgres":
        with postgres.connect() as con:
            return on_postgres(con, sql, bundle.fields, columns)
    run = {"duckdb": on_duckdb, "sqlite": on_sqlite}[database]
    return run(sql, bundle.fields, columns)


@pytest.mark.parametrize("database", ["duckdb", "sqlite", "postgres"])
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_the_label_is_the_first_of_the_most_probable(
    classes: int, database: str, postgres: Postgres
) -> None:
    bundle, rows = _bundle(classes), CHANCES[classes]
    found = _run(database, _query(bundle, range(classes)), bundle, rows, postgres)
    for (_, label, *chances), given in zip(found, rows, strict=True):
        assert chances == (given[:1] if classes == 2 else given)
        wanted = None if None in given else NAMES[int(np.argmax(given))]
        assert label == wanted


@pytest.mark.parametrize("database", ["duckdb", "sqlite"])
def test_a_class_that_was_not_trained_on_has_no_probability(database: str) -> None:
    bundle = _bundle(3)
    rows = [[0.3, 9.0, 0.7], [0.5, 9.0, 0.5], [None, 9.0, 0.5]]
    assert _run(database, _query(bundle, [0, 2]), bundle, rows) == [
        (0, NAMES[2], 0.3, 0.0, 0.7),
        (1, NAMES[0], 0.5, 0.0, 0.5),
        (2, None, None, None, 0.5),
    ]


@pytest.mark.parametrize(
    ("class_type", "classes", "given"),
    [
        ("boolean", ("false", "true"), [False, True, None]),
        ("integer", ("-3", "12"), [-3, 12, None]),
    ],
)
@pytest.mark.parametrize("database", ["duckdb", "sqlite", "postgres"])
def test_labels_are_of_the_type_of_the_target(
    class_type: Any, classes: tuple[str, ...], given: Any, database: str, postgres: Postgres
) -> None:
    bundle = replace(
        _bundle(2),
        classes=classes,
        class_type=class_type,
        outputs=(Output("prediction"), Output("probability", classes[1])),
    )
    rows = [[0.75, 0.25], [0.25, 0.75], [None, None]]
    found = _run(database, _query(bundle, [0, 1]), bundle, rows, postgres)
    assert [row[1] for row in found] == given
    assert [row[2] for row in found] == [0.25, 0.75, None]


def test_an_estimator_may_give_the_label_itself() -> None:
    bundle, rows = _bundle(3), [[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [None, 0.0, 0.0]]
    found = _run("duckdb", _query(bundle, [0, 1, 2], code=True), bundle, rows)
    assert [row[1] for row in found] == [NAMES[1], NAMES[2], None]


def test_nan_is_missing() -> None:
    bundle = _bundle(2)
    rows = [[float("nan"), 0.5], [0.5, 0.5]]
    found = _run("duckdb", _query(bundle, [0, 1]), bundle, rows)
    assert found == [(0, None, None), (1, NAMES[0], 0.5)]


def test_a_key_may_not_be_called_like_an_output() -> None:
    layers = Layers("input", ("Prediction",))
    with pytest.raises(UncompilableError) as caught:
        answers(Scores(), [0], _bundle(2), layers, Place(("model",)))
    assert caught.value.step == "model"
    assert "`Prediction`" in caught.value.why


def test_an_estimator_without_probabilities_is_refused() -> None:
    layers = Layers("input", ("id",))
    with pytest.raises(UncompilableError, match="no probabilities"):
        answers(Scores(code=number(0.0)), [0, 1], _bundle(2), layers, Place(("model",)))
