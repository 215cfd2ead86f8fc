"""Whole pipelines as SQL: what is wide, what is refused, and names that mean something in SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sqlglot import exp

from analysis.models.bundle.record import Bundle, Field, Output
from analysis.models.predicting.frame import frame_of
from analysis.models.predicting.predictor import Predictor
from analysis.models.sql.compile import compiled
from analysis.models.sql.term import UncompilableError
from analysis.models.sql.written import prediction_sql
from tests.helpers.bundles import bundle_of
from tests.helpers.postgres import Postgres
from tests.helpers.prediction_sql import on_duckdb, on_postgres, on_sqlite, plain_field

RUN = {"duckdb": on_duckdb, "sqlite": on_sqlite}
HERE = ["duckdb", "sqlite", "postgres"]


def _bundle(*fields: Field) -> Bundle:
    outputs = (Output("prediction"), Output("probability", "true"))
    return replace(bundle_of("binary"), fields=fields, outputs=outputs)


def _run(
    database: str, model: Pipeline, bundle: Bundle, values: dict[str, list[Any]], postgres: Postgres
) -> list[tuple[Any, ...]]:
    sql = prediction_sql(model, bundle, ["id"], database)
    if database == "postgres":
        with postgres.connect() as con:
            return on_postgres(con, sql, bundle.fields, values)
    return RUN[database](sql, bundle.fields, values)


def _same(found: list[tuple[Any, ...]], told: dict[str, list[Any]]) -> None:
    assert [bool(row[1]) for row in found] == told["prediction"]
    assert [row[2] for row in found] == pytest.approx(told["probability"], abs=1e-12)


@pytest.mark.parametrize("database", HERE)
@pytest.mark.parametrize("size", [1000, 2500])
def test_thousands_of_categories(size: int, database: str, postgres: Postgres) -> None:
    """More than a database has columns, and never as a list of IN."""
    names = [f"N'{place:04}" for place in range(size)]
    bundle = _bundle(plain_field("tail", "category", names), plain_field("x"))
    draw = np.random.default_rng(4)
    values = {"tail": names * 2, "x": draw.normal(size=2 * size).tolist()}
    encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=size - 20)
    columns = make_column_transformer((encoder, ["tail"]), (StandardScaler(), ["x"]))
    model = make_pipeline(columns, LogisticRegression(max_iter=20, tol=0.1))
    model.fit(frame_of(bundle.fields, values), draw.integers(0, 2, 2 * size))
    asked = {"tail": [*names[::100], None, "new"], "x": [0.5] * (size // 100 + 2)}
    told = Predictor(bundle, model).predict(asked)
    _same(_run(database, model, bundle, asked, postgres), told)
    lists = compiled(model, bundle, ["id"]).find_all(exp.In)
    assert not [one for one in lists if len(one.expressions) > 10]


@pytest.mark.parametrize("database", HERE)
def test_what_scikit_learn_refuses_has_no_answer(database: str, postgres: Postgres) -> None:
    """Also where what comes next takes a missing value for what it is."""
    kinds = plain_field("kind", "category", ("a", "b"))
    bundle = _bundle(kinds, plain_field("x"), replace(plain_field("y"), nullable=False))
    columns = make_column_transformer((OrdinalEncoder(), ["kind"]), remainder="passthrough")
    model = make_pipeline(columns, HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=2))
    draw = np.random.default_rng(5)
    values = {"kind": ["a", "b"] * 30, "x": draw.normal(size=60), "y": draw.normal(size=60)}
    model.fit(frame_of(bundle.fields, values), draw.integers(0, 2, 60))
    taken = {"kind": ["a", "b", "a"], "x": [0.1, None, 3.0], "y": [0.2, 0.3, -5.0]}
    refused = {"kind": ["c", None, "a"], "x": [0.1, 0.1, 0.1], "y": [0.2, 0.2, None]}
    asked = {name: [*taken[name], *refused[name]] for name in taken}
    found = _run(database, model, bundle, asked, postgres)
    _same(found[:3], Predictor(bundle, model).predict(taken))
    assert found[3:] == [(place, None, None) for place in (3, 4, 5)]


@pytest.mark.parametrize("database", ["duckdb", "postgres"])
def test_infinity_has_no_answer(database: str, postgres: Postgres) -> None:
    bundle = _bundle(plain_field("x"))
    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(frame_of(bundle.fields, {"x": [1.0, 2.0, 3.0, 4.0]}), [0, 1, 0, 1])
    asked = {"x": [float("inf"), float("-inf"), 1.7e308]}
    found = _run(database, model, bundle, asked, postgres)
    assert [row[1] for row in found] == [None, None, True]


@pytest.mark.parametrize("database", HERE)
def test_names_may_be_anything(database: str, postgres: Postgres) -> None:
    names = ('a "quoted" name', "Input", "SELECT", "field_1", "x" * 60, "dröhn; drop table input")
    bundle = _bundle(*(plain_field(name) for name in names))
    draw = np.random.default_rng(6)
    values = {name: draw.normal(size=50).tolist() for name in names}
    steps = [(name, StandardScaler()) for name in ("Field", "a step; --", "field", "x" * 70)]
    model = Pipeline([*steps, ("input", LogisticRegression())])
    model.fit(frame_of(bundle.fields, values), draw.integers(0, 2, 50))
    told = Predictor(bundle, model).predict(values)
    _same(_run(database, model, bundle, values, postgres), told)


def test_a_step_within_others_is_named_by_its_path() -> None:
    from sklearn.preprocessing import SplineTransformer

    bundle = _bundle(plain_field("x"))
    inner = make_pipeline(StandardScaler(), SplineTransformer())
    columns = make_column_transformer((inner, ["x"]))
    model = make_pipeline(columns, LogisticRegression())
    model.fit(frame_of(bundle.fields, {"x": [1.0, 2.0, 3.0, 4.0]}), [0, 1, 0, 1])
    with pytest.raises(UncompilableError) as caught:
        prediction_sql(model, bundle, ["id"])
    assert caught.value.step == "columntransformer / pipeline / splinetransformer"
    assert "`SplineTransformer` is not among what can be compiled" in caught.value.why
