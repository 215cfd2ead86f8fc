"""An experiment of one candidate, written down again from a run of it."""

from __future__ import annotations

from typing import Any

from analysis.experiments.declared.experiment import Experiment
from analysis.experiments.declared.file import Declared
from analysis.experiments.runs.record import Run, SplitRecord
from analysis.experiments.runs.store import RECORD
from analysis.lineage.system import RUNS_FOLDER
from analysis.project.yamlfile import Yaml


def declared_again(run: Run) -> Declared:
    """Give what made ``run``, whatever the file of its experiment says by now.

    Learning curves, importance and draws of blocks are left out: folds are compared.
    """
    told: dict[str, Any] = {
        "question": run.experiment,
        "dataset": {
            "sample": run.data.sample,
            "columns": [*run.data.features.get(run.data.sample, ())],
            "features": [view for view in run.data.features if view != run.data.sample],
            "target": run.data.target,
            "positive": run.data.positive,
        },
        "task": "regression" if run.task == "regression" else "classification",
        "split": _split(run.split),
        "metrics": [metric.name for metric in run.metrics],
        "candidates": {run.family: _candidate(run)},
        "learning": False,
        "importance": False,
        "honesty": False,
        "draws": 100,
    }
    path = f"{RUNS_FOLDER}/{run.experiment}/{run.run}/{RECORD}"
    return Declared(run.experiment, Experiment.model_validate(told), Yaml(path, told, {}))


def _candidate(run: Run) -> dict[str, Any]:
    recipe = dict(run.recipe)
    columns = [f"{view}.{name}" for view, names in run.data.features.items() for name in names]
    return {**recipe, "features": columns}


def _split(split: SplitRecord) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "random": {"random": True},
        "group": {"group": split.column},
        "by": {"by": split.unit, "of": split.column},
        "forward": {"forward": split.column},
    }
    return {**kinds[split.kind], "folds": split.folds, "seed": split.seed}
