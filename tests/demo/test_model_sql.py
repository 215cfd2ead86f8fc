"""The candidates of the demo's experiments as SQL over its warehouse, beside scikit-learn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analysis.experiments.candidates.building import build
from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.checking.check import check_experiment
from analysis.experiments.checking.described import describe
from analysis.experiments.checking.resolve import Resolved, resolve
from analysis.experiments.declared.file import read_experiment
from analysis.models.bundle.record import Bundle, Field, KeyField, Output
from analysis.models.predicting.frame import frame_of
from analysis.models.predicting.predictor import Predictor
from analysis.models.sql.whole import dataset_of, model_sql
from analysis.project import Project
from analysis.warehouse.datasets.dataset import Dataset
from tests.demo.test_experiments import demo
from tests.helpers.bundles import bundle_of
from tests.helpers.prediction_sql import plain_field

__all__ = ["demo"]

LATE = ("base-rate", "logistic-timetable", "logistic", "tree", "forest", "boosting-weather")
PENGUINS = ("most-frequent", "bill-only", "no-island", "logistic", "tree", "forest")


def _bundle(resolved: Resolved, candidate: Candidate, frame: pd.DataFrame) -> Bundle:
    fields = tuple(_field(resolved, name, frame) for name in resolved.columns[candidate.name])
    classes, positive = resolved.classes, resolved.positive
    several = [Output(f"probability_{name}", name) for name in classes]
    chances = [Output("probability", positive)] if resolved.task == "binary" else several
    return replace(
        bundle_of(resolved.task),
        classes=classes,
        positive=positive,
        class_type="boolean" if classes == ("false", "true") else "text",
        sample=resolved.description.sample,
        features=resolved.features_of(candidate),
        key=tuple(KeyField(name, "") for name in resolved.description.key),
        fields=fields,
        outputs=(Output("prediction"), *chances),
    )


def _field(resolved: Resolved, name: str, frame: pd.DataFrame) -> Field:
    kind = resolved.kinds[name]
    known = sorted(frame[name].dropna().astype(str).unique()) if kind == "category" else ()
    return replace(plain_field(name, kind, known), relation=resolved.views[name])


def _values(frame: pd.DataFrame) -> dict[str, list[Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return {name: plain[name].tolist() for name in frame}


def _studied(project: Project, name: str) -> tuple[Resolved, Dataset]:
    declared = read_experiment(project, name)
    made, description = describe(project, declared)
    return resolve(check_experiment(project, declared), description), made


def _check(
    project: Project, resolved: Resolved, name: str, frame: pd.DataFrame, sample: str | None
) -> None:
    candidate = next(one for one in resolved.candidates if one.family == name)
    bundle = _bundle(resolved, candidate, frame)
    predictor = Predictor(bundle, build(project, candidate, resolved.columns[candidate.name], 1))
    codes = {label: code for code, label in enumerate(bundle.classes)}
    told = frame[resolved.target].map(lambda v: str(v).lower() if isinstance(v, bool) else str(v))
    predictor.estimator.fit(frame_of(bundle.fields, _values(frame)), told.map(codes).to_numpy())
    written = model_sql(project, predictor.estimator, bundle, sample=sample)
    key = ", ".join(resolved.description.key)
    some = f"select * from ({written}) order by hash({key}) limit 800"
    _compare(project, predictor, some, sample)


def _compare(project: Project, predictor: Predictor, sql: str, sample: str | None) -> None:
    bundle = predictor.bundle
    keys = [key.name for key in bundle.key]
    with duckdb.connect(str(project.warehouse), read_only=True) as con:
        found = con.execute(sql).df()
        con.register("asked", found[keys])
        rows = con.execute(
            f"select d.* from asked join ({dataset_of(project, bundle, sample).sql()}) d "
            f"using ({', '.join(keys)}) order by {', '.join(keys)}"
        ).df()
    found = found.sort_values(keys).reset_index(drop=True)
    assert len(found) == len(rows) > 300
    wanted = predictor.predict(_values(rows))
    assert found["prediction"].tolist() == wanted["prediction"]
    for output in bundle.outputs[1:]:
        difference = np.abs(found[output.name].to_numpy() - np.array(wanted[output.name]))
        assert difference.max() < 1e-9


def test_late_flights(demo: Project) -> None:
    """Other days than those that it was fitted on, with planes that were not there."""
    resolved, made = _studied(demo, "late-flights")
    frame = made.sample(4000, seed=3)
    for name in LATE:
        _check(demo, resolved, name, frame, "test_2013h1")
    _check(demo, resolved, "logistic-timetable", frame, None)


def test_penguins(demo: Project) -> None:
    resolved, made = _studied(demo, "penguin-species")
    for name in PENGUINS:
        _check(demo, resolved, name, made.df(ordered=True), None)
