"""An estimator as SQL over a table of its columns, and what several databases make of it."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from sqlglot import exp

from analysis.models.sql import written as sql
from analysis.models.sql.estimators import scored
from analysis.models.sql.scores import Scores
from analysis.models.sql.term import Layers, Place, Term, column, table

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Answers:
    """What a database says of each row; NaN is NULL."""

    value: Any
    probabilities: Any
    code: Any


def written(model: Any, frame: pd.DataFrame, *, nullable: bool = True) -> exp.Select:
    """Write an estimator as a query over ``input``, which has ``id`` and the frame's columns."""
    layers = Layers("input", ("id",))
    fields = [_field(str(name), frame[name], nullable) for name in frame]
    terms = layers.add("field", fields)
    scores = scored(model, terms, layers, Place(("model",)))
    query = exp.select(column("id"), *_outputs(scores)).from_(table(layers.last))
    for name, select in layers.ctes:
        alias = exp.to_identifier(name, quoted=True)
        query = query.with_(alias, as_=select, copy=False)
    return query


def _field(name: str, values: pd.Series, nullable: bool) -> Term:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return Term(name, exp.cast(column(name), "text"), "category")
    return Term(name, exp.cast(column(name), "double"), nullable=nullable)


def _outputs(scores: Scores) -> list[exp.Expr]:
    named = {"value": scores.value, "code": scores.code}
    named |= {f"p{place}": each for place, each in enumerate(scores.probabilities)}
    return [exp.alias_(each.copy(), name) for name, each in named.items() if each is not None]


def in_duckdb(query: exp.Select, frame: pd.DataFrame) -> Answers:
    """Ask DuckDB."""
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        columns = ", ".join(f"{_quoted(name)} {_type(frame[name], 'double')}" for name in frame)
        con.execute(f"create table input (id integer, {columns})")
        con.register("given", pd.DataFrame({"id": range(len(frame))}).join(_plain(frame)))
        con.execute("insert into input select * from given")
        for name in frame:
            if not isinstance(frame[name].dtype, pd.CategoricalDtype):
                con.execute(f"update input set {_quoted(name)} = null where isnan({_quoted(name)})")
        asked = con.execute(sql.written(query.copy(), "duckdb"))
        names = [each[0] for each in asked.description or ()]
        return _answers(names, asked.fetchall())


def in_sqlite(query: exp.Select, frame: pd.DataFrame) -> Answers:
    """Ask SQLite."""
    con = sqlite3.connect(":memory:")
    try:
        columns = ", ".join(f"{_quoted(name)} {_type(frame[name], 'real')}" for name in frame)
        con.execute(f"create table input (id integer, {columns})")
        marks = ", ".join("?" * (frame.shape[1] + 1))
        con.executemany(f"insert into input values ({marks})", _rows(frame))
        asked = con.execute(sql.written(query.copy(), "sqlite"))
        return _answers([each[0] for each in asked.description], asked.fetchall())
    finally:
        con.close()


def in_postgres(con: Any, query: exp.Select, frame: pd.DataFrame) -> Answers:
    """Ask PostgreSQL."""
    columns = ", ".join(
        f"{_quoted(name)} {_type(frame[name], 'double precision')}" for name in frame
    )
    con.execute("drop table if exists input")
    con.execute(f"create temporary table input (id integer, {columns})")
    marks = ", ".join(["%s"] * (frame.shape[1] + 1))
    with con.cursor() as cursor:
        cursor.executemany(f"insert into input values ({marks})", _rows(frame))
        cursor.execute(sql.written(query.copy(), "postgres"))
        return _answers([each[0] for each in cursor.description], cursor.fetchall())


Asked = Callable[[exp.Select, pd.DataFrame], Answers]
HERE: tuple[Asked, ...] = (in_duckdb, in_sqlite)


def agree(model: Any, frame: pd.DataFrame, asked: Sequence[Asked] = HERE) -> None:
    """Compare what databases say with what scikit-learn says; ``NULL`` is what it refuses."""
    with warnings.catch_warnings():  # scikit-learn warns of numbers that become infinite
        warnings.simplefilter("ignore", RuntimeWarning)
        _agree(model, frame, asked)


def _agree(model: Any, frame: pd.DataFrame, asked: Sequence[Asked]) -> None:
    query = written(model, frame)
    taken = taken_rows(model, frame)
    for ask in asked:
        answers = ask(query, frame)
        if hasattr(model, "predict_proba"):
            expected = model.predict_proba(frame[taken])
            np.testing.assert_allclose(answers.probabilities[taken], expected, 0, TOLERANCE)
            assert np.isnan(answers.probabilities[~taken]).all()
        predicted = model.predict(frame[taken])
        if not hasattr(model, "classes_"):
            np.testing.assert_allclose(answers.value[taken], predicted, 1e-9, TOLERANCE)
            assert np.isnan(answers.value[~taken]).all()
            continue
        code = answers.code
        if code is None:
            code = np.argmax(answers.probabilities, axis=1)
        else:
            assert np.isnan(code[~taken]).all()
        assert (model.classes_[code[taken].astype(int)] == predicted).all()


def taken_rows(model: Any, frame: pd.DataFrame) -> Any:
    """Say which rows scikit-learn takes."""
    try:
        model.predict(frame)
    except ValueError:
        if len(frame) == 1:
            return np.zeros(1, bool)
        middle = len(frame) // 2
        halves = (frame.iloc[:middle], frame.iloc[middle:])
        return np.concatenate([taken_rows(model, half) for half in halves])
    return np.ones(len(frame), bool)


def _answers(names: list[str], rows: list[Any]) -> Answers:
    ordered = sorted(rows)
    found = {
        name: np.array([np.nan if row[place] is None else row[place] for row in ordered], float)
        for place, name in enumerate(names)
    }
    probabilities = [found[name] for name in names if name.startswith("p")]
    stacked = np.column_stack(probabilities) if probabilities else None
    return Answers(found.get("value"), stacked, found.get("code"))


def _quoted(name: Any) -> str:
    return column(str(name)).sql()


def _type(values: pd.Series, number: str) -> str:
    return "text" if isinstance(values.dtype, pd.CategoricalDtype) else number


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(
        {n: object for n in frame if isinstance(frame[n].dtype, pd.CategoricalDtype)}
    )


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    plain = _plain(frame).astype(object)
    rows = plain.where(plain.notna(), None).itertuples(name=None)
    return [tuple(row) for row in rows]
