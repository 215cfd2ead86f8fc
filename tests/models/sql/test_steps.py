"""Every transformer that is compiled, with its options, beside scikit-learn itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import (
    PowerTransformer,
)

from tests.helpers.postgres import Postgres
from tests.helpers.step_cases import (
    BOTH,
    NUMBERS,
    OF_COLUMNS,
    OF_NUMBERS,
    OF_TEXTS,
    ROWS,
    TEXTS,
    draw_numbers,
    draw_texts,
    fit_step,
    with_edges,
)
from tests.helpers.step_sql import assert_same, by_python, by_sql


def _check(database: str, name: str, fields: Any, con: Any = None) -> None:
    step, whole = (OF_NUMBERS if fields is NUMBERS else OF_TEXTS)[name]
    draw = draw_numbers if fields is NUMBERS else draw_texts
    fitted = fit_step(step, fields, draw(1, whole=whole))
    columns = with_edges(fitted, draw(2))
    wanted = by_python(fitted, fields, columns)
    assert any(value is not None for row in wanted for value in row)
    found = by_sql(database, fitted, fields, columns, con)
    # Infinite is what the next step refuses: there is no answer.
    for place, row in enumerate(wanted):
        if any(isinstance(value, float) and np.isinf(value) for value in row):
            wanted[place] = [None] * len(row)
    assert_same(found, wanted, 1e-9 if "yeo" in name else 1e-11)


@pytest.mark.parametrize("database", ["duckdb", "sqlite"])
@pytest.mark.parametrize("name", OF_NUMBERS)
def test_numbers(name: str, database: str) -> None:
    _check(database, name, NUMBERS)


@pytest.mark.parametrize("database", ["duckdb", "sqlite"])
@pytest.mark.parametrize("name", OF_TEXTS)
def test_texts(name: str, database: str) -> None:
    _check(database, name, TEXTS)


def test_all_on_postgres(postgres: Postgres) -> None:
    with postgres.connect() as con:
        for name in OF_NUMBERS:
            _check("postgres", name, NUMBERS, con)
        for name in OF_TEXTS:
            _check("postgres", name, TEXTS, con)


@pytest.mark.parametrize("database", ["duckdb", "sqlite"])
@pytest.mark.parametrize("name", OF_COLUMNS)
def test_column_transformers(name: str, database: str) -> None:
    fitted = fit_step(OF_COLUMNS[name], BOTH, {**draw_numbers(1), **draw_texts(1)})
    columns = with_edges(fitted, {**draw_numbers(2), **draw_texts(2)})
    wanted = by_python(fitted, BOTH, columns)
    assert any(value is not None for row in wanted for value in row)
    assert_same(by_sql(database, fitted, BOTH, columns), wanted, 1e-11)


def test_a_column_without_values_is_dropped_or_filled() -> None:
    columns = {**draw_numbers(1), "select": [None] * ROWS}
    for step in (SimpleImputer(), SimpleImputer(keep_empty_features=True)):
        fitted = fit_step(step, NUMBERS, columns)
        wanted = by_python(fitted, NUMBERS, columns)
        assert len(wanted[0]) == (3 if step.keep_empty_features else 2)
        assert_same(by_sql("duckdb", fitted, NUMBERS, columns), wanted)


@pytest.mark.parametrize("raises", [True, False])
def test_a_column_in_which_nothing_was_missing_before(raises: bool) -> None:
    some = {**draw_numbers(1, whole=True), "select": draw_numbers(1)["select"]}
    fitted = fit_step(MissingIndicator(error_on_new=raises), NUMBERS, some)
    wanted = by_python(fitted, NUMBERS, draw_numbers(2))
    assert ([None] in wanted) == raises
    assert_same(by_sql("duckdb", fitted, NUMBERS, draw_numbers(2)), wanted)


def test_box_cox_takes_positive_numbers_only() -> None:
    fields, columns = NUMBERS[1:2], {NUMBERS[1].name: draw_numbers(1)[NUMBERS[1].name]}
    fitted = fit_step(PowerTransformer(method="box-cox"), fields, columns)
    columns = {name: [*values, 0.0, -1.0, 1e-9] for name, values in columns.items()}
    wanted = by_python(fitted, fields, columns)
    assert wanted[-2] == [None]
    assert_same(by_sql("duckdb", fitted, fields, columns), wanted, 1e-9)
