"""Prediction as one query of DuckDB, beside scikit-learn on the same rows with as many threads.

Both give probabilities: the query writes them to a table, from a table of the fields; scikit-learn
makes an array from a data frame. The query is written once, as it is in a version of a model; to
parse and to plan it is in the time.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from sqlglot import exp

from analysis.models.sql.estimators import scored
from analysis.models.sql.steps import transformed
from analysis.models.sql.term import Layers, Place, Term, column, table
from analysis.models.sql.written import written

THREADS = 2
MARKS = {"histogram boosting, 200 trees": 4.0, "logistic regression": 1.0}
TOLERANCE = 1e-9


def flights(rows: int) -> tuple[pd.DataFrame, Any]:
    """Make rows like those of flights: numbers, in part missing, and categories; late or not."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "hour": rng.integers(5, 24, rows).astype(float),
            "month": rng.integers(1, 13, rows).astype(float),
            "distance": rng.choice(rng.integers(80, 4000, 200), rows).astype(float),
            "temp": np.round(rng.normal(55, 18, rows), 2),
            "wind": np.round(rng.gamma(2, 5, rows), 3),
            "visib": np.minimum(10, rng.gamma(5, 3, rows)).round(1),
            "precip": np.where(rng.random(rows) < 0.9, 0, rng.gamma(1, 0.1, rows)).round(2),
            "age": rng.integers(0, 40, rows).astype(float),
            "seats": rng.integers(20, 400, rows).astype(float),
            "humid": rng.random(rows).round(4) * 100,
            "weekday": rng.integers(0, 7, rows).astype(float),
            "pressure": rng.normal(1017, 7, rows).round(1),
        }
    )
    for name in ("temp", "wind", "age"):
        frame.loc[rng.random(rows) < 0.05, name] = np.nan
    carriers = [f"carrier {number}" for number in range(16)]
    frame["carrier"] = pd.Categorical(rng.choice(carriers, rows))
    frame["origin"] = pd.Categorical(rng.choice(["EWR", "JFK", "LGA"], rows))
    score = 0.08 * (frame["hour"] - 13) + 3 * frame["precip"] + np.cos(frame["distance"] / 300)
    score += 0.02 * (frame["temp"].fillna(50) - 55) * np.sin(frame["month"]) - 2
    score += 0.05 * frame["wind"].fillna(8) * (frame["origin"] == "EWR")
    score += (frame["carrier"].cat.codes % 5 - 2) * 0.2
    return frame, rng.random(rows) < 1 / (1 + np.exp(-score))


def pipelines() -> dict[str, Any]:
    """Give the pipelines, each with the preprocessing that is usual for it."""
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    boosting = HistGradientBoostingClassifier(max_iter=200, early_stopping=False, random_state=0)
    columns = make_column_transformer(
        (
            make_pipeline(SimpleImputer(), StandardScaler()),
            make_column_selector(dtype_include="number"),
        ),
        (OneHotEncoder(handle_unknown="ignore"), make_column_selector(dtype_include="category")),
    )
    logistic = make_pipeline(columns, LogisticRegression(max_iter=1000))
    return dict(zip(MARKS, (make_pipeline(boosting), logistic), strict=True))


def query_of(pipeline: Any, frame: pd.DataFrame) -> str:
    """Write a pipeline as a query over ``input``, which gives the probability by key."""
    layers = Layers("input", ("id",))
    fields = [_field(str(name), frame[name]) for name in frame]
    terms = layers.add("field", fields)
    *steps, (name, last) = pipeline.steps
    for step, each in steps:
        terms = layers.add(step, transformed(each, terms, layers, Place((step,))))
    scores = scored(last, terms, layers, Place((name,)))
    late = exp.alias_(scores.probabilities[1], "probability")
    query = exp.select(column("id"), late).from_(table(layers.last))
    for cte, select in layers.ctes:
        query = query.with_(exp.to_identifier(cte, quoted=True), as_=select, copy=False)
    return written(query, "duckdb")


def _field(name: str, values: pd.Series) -> Term:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return Term(name, exp.cast(column(name), "text"), "category")
    return Term(name, exp.cast(column(name), "double"))


def measure(rows: int, repeats: int) -> bool:
    """Print the times; say whether the marks were reached."""
    frame, late = flights(rows)
    print(f"{rows:,} rows, {THREADS} threads, median of {repeats}")
    with duckdb.connect() as con:
        con.execute(f"set threads = {THREADS}")
        _put(con, frame)
        reached = []
        for name, pipeline in pipelines().items():
            reached.append(_compare(con, name, pipeline.fit(frame, late), frame, repeats))
        return all(reached)


def _put(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    texts = [name for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)]
    con.register("given", frame.astype(dict.fromkeys(texts, object)))
    numbers = ", ".join(f"nullif({name}, 'nan') as {name}" for name in frame if name not in texts)
    con.execute(
        f"create table input as select row_number() over () - 1 as id, {numbers}, "
        f"{', '.join(texts)} from given"
    )
    con.unregister("given")


def _compare(
    con: duckdb.DuckDBPyConnection, name: str, fitted: Any, frame: pd.DataFrame, repeats: int
) -> bool:
    start = time.perf_counter()
    query = query_of(fitted, frame)
    writing = time.perf_counter() - start

    def ours() -> None:
        con.execute(f"create or replace table output as {query}")

    ours_taken, theirs_taken = [], []
    for _ in range(repeats):
        ours_taken.append(_timed(ours))
        theirs_taken.append(_timed(lambda: fitted.predict_proba(frame)))
    found = con.execute("select probability from output order by id").fetchnumpy()["probability"]
    apart = float(np.abs(found - fitted.predict_proba(frame)[:, 1]).max())
    ratio = statistics.median(ours_taken) / statistics.median(theirs_taken)
    is_reached = ratio <= MARKS[name] and apart <= TOLERANCE
    print(f"{name}: {len(query) // 1024} kB of SQL, written in {writing:.2f} s")
    for what, taken in (("query", ours_taken), ("scikit-learn", theirs_taken)):
        spread = f"({min(taken):.2f} to {max(taken):.2f})"
        print(f"  {what:<14}{statistics.median(taken):>8.2f} s {spread:>18}")
    print(f"  largest difference {apart:.1g}")
    verdict = "ok" if is_reached else "MISSED"
    print(f"  {'ratio':<14}{ratio:>8.2f}{'':>8}mark {MARKS[name]}  {verdict}")
    return is_reached


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        action()
    return time.perf_counter() - start
