"""Predicting is what scikit-learn says, by the names and types that answers have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.running.rows import write_rows
from analysis.experiments.runs.record import Task
from analysis.models.bundle.record import Bundle, Output
from analysis.models.bundle.store import read_golden
from analysis.models.predicting.frame import frame_of
from analysis.models.predicting.predictor import Predictor, open_predictor
from tests.helpers.bundle_pipelines import FIELDS, INPUTS, fitted, rows
from tests.helpers.bundles import write_bundle

CARRIERS = FIELDS[-1].categories
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression")
COLUMNS = {field.name: [row[field.name] for _, row in INPUTS] for field in FIELDS}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_answers_are_those_of_scikit_learn(tmp_path: Path, task: Task, kind: str) -> None:
    changed = {"outputs": (Output("prediction"),)} if task == "regression" else {}
    write_bundle(tmp_path, task=task, kind=kind, **changed)
    found = open_predictor(tmp_path).predict(COLUMNS)
    cases = read_golden(tmp_path / "golden.json")
    assert found == {name: [case.outputs[name] for case in cases] for name in cases[0].outputs}
    types = {"binary": bool, "multiclass": str, "regression": float}
    assert {type(value) for value in found["prediction"]} == {types[task]}


def test_labels_may_be_integers(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, classes=("0", "1"), positive="1", class_type="integer")
    bundle = _with(bundle, outputs=(Output("prediction"), Output("probability", "1")))
    found = Predictor(bundle, fitted("binary")).predict(COLUMNS)
    assert {type(value) for value in found["prediction"]} == {int}


def test_the_probability_is_of_the_positive_class(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path)
    usual = Predictor(bundle, fitted("binary")).predict(COLUMNS)
    other = _with(bundle, outputs=(Output("prediction"), Output("probability", "false")))
    turned = Predictor(other, fitted("binary")).predict(COLUMNS)
    assert np.allclose(np.add(usual["probability"], turned["probability"]), 1, atol=1e-15)
    assert turned["prediction"] == usual["prediction"]


def test_a_class_that_was_not_trained_on_has_no_chance(tmp_path: Path) -> None:
    names = ("Adelie", "Chinstrap", "Emperor", "Gentoo")
    outputs = (Output("prediction"), *(Output(f"probability_{name}", name) for name in names))
    bundle = write_bundle(tmp_path, task="multiclass", classes=names, outputs=outputs)
    columns, target = rows("multiclass")
    pipeline = _pipeline("multiclass").fit(
        frame_of(FIELDS, columns), np.where(target == 2, 3, target)
    )
    found = Predictor(bundle, pipeline).predict(columns)
    assert set(found["probability_Emperor"]) == {0.0}
    assert set(found["prediction"]) == {"Adelie", "Chinstrap", "Gentoo"}


def test_a_model_without_probabilities_gives_labels(tmp_path: Path) -> None:
    from sklearn.svm import LinearSVC

    bundle = write_bundle(tmp_path, outputs=(Output("prediction"),))
    columns, target = rows("binary")
    pipeline = _pipeline("binary")
    pipeline.steps[-1] = ("svm", LinearSVC())
    pipeline.fit(frame_of(FIELDS, columns), target)
    expected = pipeline.predict(frame_of(FIELDS, COLUMNS))
    found = Predictor(bundle, pipeline).predict(COLUMNS)
    assert found == {"prediction": [bool(code) for code in expected]}


@pytest.mark.parametrize("nothing", ["passthrough", None])
def test_steps_that_do_nothing_are_passed_over(tmp_path: Path, nothing: str | None) -> None:
    bundle = write_bundle(tmp_path)
    pipeline = _pipeline("binary")
    pipeline.steps.insert(1, ("nothing", nothing))
    columns, target = rows("binary")
    pipeline.fit(frame_of(FIELDS, columns), target)
    expected = pipeline.predict_proba(frame_of(FIELDS, COLUMNS))[:, 1].tolist()
    assert Predictor(bundle, pipeline).predict(COLUMNS)["probability"] == expected


def test_no_rows_have_no_answers(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    found = open_predictor(tmp_path).predict({field.name: [] for field in FIELDS})
    assert found == {"prediction": [], "probability": []}


def test_the_frame_is_the_one_that_experiments_make(tmp_path: Path) -> None:
    columns, _ = rows("binary")
    columns = {**columns, "holiday": [None, *columns["holiday"][1:]]}
    columns["carrier"] = [None, *columns["carrier"][1:]]
    read = pd.DataFrame(
        {
            "wind": pd.Series(columns["wind"], dtype="float64"),
            "hour": pd.Series(columns["hour"], dtype="int32"),
            "holiday": pd.Series(columns["holiday"], dtype="boolean"),
            "carrier": pd.Series(columns["carrier"], dtype=object),
        }
    )
    kinds: Any = {f.name: "number" if f.type == "integer" else f.type for f in FIELDS}
    staged = write_rows(tmp_path, read, kinds).frame([*kinds])
    *others, carrier = FIELDS
    made = frame_of([*others, replace(carrier, categories=tuple(sorted(CARRIERS)))], columns)
    pd.testing.assert_frame_equal(made, staged)
    assert made["carrier"].dtype.categories.dtype == staged["carrier"].dtype.categories.dtype


def test_what_the_model_cannot_take_is_no_answer(tmp_path: Path) -> None:
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline

    bundle = write_bundle(tmp_path, task="regression", outputs=(Output("prediction"),))
    pipeline = make_pipeline(Ridge()).fit(frame_of(FIELDS[1:2], {"hour": [1, 2]}), [1.0, 2.0])
    predictor = Predictor(_with(bundle, fields=FIELDS[1:2]), pipeline)
    with pytest.raises(ValueError, match="NaN"):
        predictor.predict({"hour": [None]})


def _pipeline(task: Task) -> Any:
    from sklearn.base import clone

    return clone(fitted(task))


def _with(bundle: Bundle, **changed: Any) -> Bundle:
    return replace(bundle, **changed)
