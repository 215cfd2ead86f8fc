"""``analysis.model``: a version of a model as documents use it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import analysis
from analysis.errors import ModelError
from analysis.models.bundle.record import GOLDEN
from analysis.models.bundle.store import read_golden
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import write_project


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Work in a project, as a document does."""
    before = Path.cwd()
    root = write_project(tmp_path, {"chapters/x.qmd": "text"})
    os.chdir(root / "chapters")
    yield root
    os.chdir(before)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_it_predicts_what_scikit_learn_does(root: Path, task: Any) -> None:
    add_bundle(root, "some", task)
    model = analysis.model("some")
    cases = read_golden(model.folder / GOLDEN)
    found = model.predict([case.inputs for case in cases])
    assert found.to_dict("records") == [
        {name: value if isinstance(value, str | bool) else pytest.approx(value, abs=1e-12)}
        | {
            key: pytest.approx(other, abs=1e-12)
            for key, other in case.outputs.items()
            if key != name
        }
        for case in cases
        for name, value in [("prediction", case.outputs["prediction"])]
    ]


def test_frames_come_in_any_shape(root: Path) -> None:
    add_bundle(root)
    model = analysis.model("late-flights")
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "carrier": pd.Categorical(["AA", None]),
            "wind": [12.5, np.nan],
            "hour": pd.array([8, None], dtype="Int64"),
            "holiday": pd.array([True, None], dtype="boolean"),
        },
        index=["a", "b"],
    )
    rows = [
        {"carrier": "AA", "wind": 12.5, "hour": 8, "holiday": True},
        {"carrier": None, "wind": None, "hour": None, "holiday": None},
    ]
    found = model.predict(frame)
    assert list(found.index) == ["a", "b"]
    assert list(found.columns) == ["prediction", "probability"]
    assert found.to_numpy().tolist() == model.predict(rows).to_numpy().tolist()
    assert model.predict(frame[:0]).empty


def test_which_version_it_is(root: Path) -> None:
    stage(root, add_bundle(root), "champion")
    add_bundle(root, seed=2)
    champion, newest = analysis.model("late-flights"), analysis.model("late-flights@2")
    assert (champion.name, champion.number, champion.stage) == ("late-flights@1", 1, "champion")
    assert (newest.name, newest.stage, newest.bundle.parameters) == (
        *("late-flights@2", "candidate", {"seed": 2}),
    )


def test_what_it_cannot_do_is_said(root: Path) -> None:
    version = add_bundle(root)
    fields = [replace(field, nullable=False) for field in version.bundle.fields]
    add_bundle(root, "strict", fields=tuple(fields))
    strict = analysis.model("strict")
    row = {"carrier": "AA", "wind": 12.5, "hour": 8, "holiday": True}
    with pytest.raises(ModelError, match="takes the field `wind`"):
        strict.predict([{"carrier": "AA"}])
    with pytest.raises(ModelError, match="`hour` is missing in a row"):
        strict.predict([row, {**row, "hour": None}])
    with pytest.raises(ModelError, match="cannot predict for these rows"):
        strict.predict([{**row, "hour": "eight"}])
    with pytest.raises(ModelError, match="no model `late`"):
        analysis.model("late")
