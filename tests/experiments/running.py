"""The real command line on a small experiment, in this process or in one that can be killed."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import textwrap
from pathlib import Path
from typing import Any
from unittest import mock

from analysis.cli import main
from analysis.experiments.runs.record import Run
from analysis.experiments.runs.store import run_folder, runs_of
from tests.helpers.projects import Outcome
from tests.warehouse.conftest import Folder

QUICK = """\
question: Which parcels come late?
dataset: {sample: parcels, features: [parcel], leave_out: first_day}
split: {by: day, folds: 3}
metrics: [roc_auc, brier]
draws: 100
honesty: false
learning: false
importance: false
preprocessing:
  number: [sklearn.impute.SimpleImputer, sklearn.preprocessing.StandardScaler]
  category: {estimator: sklearn.preprocessing.OneHotEncoder, parameters: {handle_unknown: ignore}}
candidates:
  rate: sklearn.dummy.DummyClassifier
  logistic: {estimator: sklearn.linear_model.LogisticRegression, parameters: {C: 0.5}}
"""
LOGISTIC = QUICK.splitlines()[-1]
OWN = """\
import numpy as np
from sklearn.linear_model import LogisticRegression


class Own(LogisticRegression):
    def fit(self, X, y):
        %s
        return super().fit(X, y)
"""


def quick(folder: Folder, *changes: tuple[str, str]) -> Folder:
    """Declare the experiment ``late`` with parts replaced."""
    text = QUICK
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    folder.write("data/experiments/late.yml", text)
    return folder


def own(folder: Folder, line: str) -> Folder:
    """Let ``own.Own`` do something before it is fitted, and declare it beside the others."""
    folder.write("src/own.py", OWN % textwrap.indent(textwrap.dedent(line), " " * 8).strip())
    return quick(folder, (LOGISTIC, f"{LOGISTIC}\n  own: own.Own"))


def command(folder: Folder, *words: str) -> Outcome:
    """Run ``analysis experiment`` here: what its processes have imported stays so for the next."""
    out, err = io.StringIO(), io.StringIO()
    told = ["analysis", "experiment", *words, str(folder.root)]
    with (
        mock.patch.object(sys, "argv", told),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())


def run(folder: Folder, *options: str) -> Outcome:
    """Run the experiment ``late``, two tasks at once."""
    return command(folder, "run", "late", *(options or ("--jobs", "2")))


def done(folder: Folder) -> dict[str, Run]:
    """Run the experiment ``late``, which goes well, and give its current runs by candidate."""
    outcome = run(folder)
    assert outcome.code == 0, outcome
    return current(folder)


def current(folder: Folder) -> dict[str, Run]:
    """Give the runs of ``late`` that are of what is declared, by candidate."""
    path = folder.root / "data/runs/late/experiment.json"
    names = {run["run"] for run in json.loads(path.read_text())["runs"] if run["current"]}
    found = [run for run in runs_of(folder.project, "late") if run.run in names]
    return {run.candidate if run.role == "candidate" else run.split.label: run for run in found}


def made(folder: Folder, *options: str) -> set[str]:
    """Run ``late`` once more, and name the candidates that were made."""
    lines = run(folder, *options).out.splitlines()
    return {line.split()[1] for line in lines if line.split()[0] in ("ran", "FAILED")}


def file_of(folder: Folder, run: Run, name: str) -> Path:
    """Say where a file of a run lies."""
    return run_folder(folder.project, run) / name


def trusted(path: Path, *own: str) -> Any:
    """Load a model with the types that are expected in it, and no others."""
    import skops.io

    allowed = {"numpy.dtype", "sklearn.compose._column_transformer._RemainderColsList", *own}
    unknown = {*skops.io.get_untrusted_types(file=path)} - allowed
    assert not {name for name in unknown if not name.startswith(("sklearn.", "numpy."))}
    return skops.io.load(path, trusted=sorted({*allowed, *unknown}))
