"""Rows as `labels.joined` gives them, and what is counted of them in plain Python."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from analysis.experiments.runs.record import Task
from analysis.monitoring.cells.record import NUMBERS, FieldBins, VersionBins
from analysis.warehouse.monitored import ABOVE, ABSENT, BELOW, MISTYPED, NULL, UNSEEN
from tests.helpers.bundle_pipelines import CLASSES

BEGIN = datetime(2024, 1, 30, 22)
_CARRIERS = ("AA", 'Ö\'Neill "air"', "UA", "ZZ", None, 5, [1])
_WINDS = (None, "calm", True, -5.0, 60.0, 61.5, 1e300, 0.0)


def random_rows(task: Task, rows: int, seed: int = 0, version: str = "v1") -> list[dict[str, Any]]:
    """Make up rows with all that can be wrong about them, two a request."""
    draw = np.random.default_rng(seed)
    return [_row(task, number, draw, version) for number in range(rows)]


def _row(task: Task, number: int, draw: Any, version: str) -> dict[str, Any]:
    inputs = {
        "wind": _WINDS[int(draw.integers(8))] if draw.random() < 0.2 else draw.uniform(0, 60),
        "hour": int(draw.integers(0, 26)),
        "holiday": (True, False, None, "maybe")[int(draw.integers(4))],
        "carrier": _CARRIERS[int(draw.integers(len(_CARRIERS)))],
    }
    if draw.random() < 0.1:
        del inputs[("wind", "hour", "holiday", "carrier")[int(draw.integers(4))]]
    time = BEGIN + timedelta(minutes=number // 2 * 397 % 4000)
    return {
        "time": time,
        "day": time.date(),
        "version": version,
        "model": "late-flights",
        "arm": ("champion", "challenger")[number // 2 % 2],
        "shadow": number // 4 % 3 == 0,
        "request": f"{version}-{number // 2}",
        "row": number % 2,
        "key": json.dumps({"id": number}),
        "inputs": json.dumps(inputs),
        "outputs": json.dumps(_outputs(task, draw)),
        "latency_ms": float(number // 2 % 50) / 4,
        "error": None,
        "label": _label(task, draw) if draw.random() < 0.6 else None,
    }


def _outputs(task: Task, draw: Any) -> dict[str, Any]:
    if task == "regression":
        return {"prediction": float(draw.normal(5, 3))}
    chances = draw.dirichlet(np.ones(len(CLASSES[task])))
    if task == "binary":
        return {"prediction": bool(chances[1] > 0.5), "probability": float(chances[1])}
    each = {f"probability_{n}": float(p) for n, p in zip(CLASSES[task], chances, strict=True)}
    return {"prediction": CLASSES[task][int(np.argmax(chances))], **each}


def _label(task: Task, draw: Any) -> str:
    if task == "regression":
        return repr(float(draw.normal(5, 3)))
    return str(draw.choice([*CLASSES[task], "nonsense"]))


Key = tuple[Any, ...]


def plainly(
    rows: Iterable[dict[str, Any]], bins: VersionBins, threshold: float
) -> dict[Key, dict[str, float]]:
    """Count rows in plain Python, by arm, shadow, day, field and cell."""
    found: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        results = _results(bins, row, threshold)
        inputs = json.loads(row["inputs"])
        cells = {name: _cell(one, inputs) for name, one in bins.fields.items() if name[0] != "@"}
        cells[""] = (0, None)
        if "@score" in bins.fields:
            cells["@score"] = (_score_cell(bins.fields["@score"], results["score"]), None)
        for field, (cell, number) in cells.items():
            to = found[(row["arm"], row["shadow"], row["day"], field, cell)]
            to["rows"] += 1
            for name, value in results.items():
                to[name] += value
            to["value"] += number or 0.0
    return found


def _results(bins: VersionBins, row: dict[str, Any], threshold: float) -> dict[str, float]:
    task, outputs, label = bins.bundle.task, json.loads(row["outputs"]), row["label"]
    names: Sequence[str] = CLASSES[task]
    if task == "regression":
        p = outputs["prediction"]
        if label is None:
            return {"score": p}
        y = float(label)
        told = {"absolute": abs(p - y), "squared": (p - y) ** 2}
        return {"score": p, "labelled": 1, "label": y, "expected": p, **told}
    chances = [outputs.get(f"probability_{n}", outputs.get("probability")) for n in names]
    p = max(chances)
    if label not in names:
        return {"score": p}
    said = outputs["prediction"]
    if task == "multiclass":
        true = chances[names.index(label)]
        y = float(said == label)
        brier = sum((c - (n == label)) ** 2 for n, c in zip(names, chances, strict=True))
        told = {"brier": brier, "log_loss": -math.log(true), "correct": y}
        return {"score": p, "labelled": 1, "label": y, "expected": p, **told}
    y, flagged = float(label == "true"), p >= threshold
    return {
        "score": p,
        "labelled": 1,
        "label": y,
        "expected": p,
        "brier": (p - y) ** 2,
        "log_loss": -math.log(p if y else 1 - p),
        "correct": float(flagged == bool(y)),
        "flagged": float(flagged),
        "hits": float(flagged and y == 1),
    }


def _cell(bins: FieldBins, inputs: dict[str, Any]) -> tuple[int, float | None]:
    if bins.field not in inputs:
        return ABSENT, None
    value = inputs[bins.field]
    if value is None:
        return NULL, None
    if bins.kind == "boolean":
        return (int(value), None) if isinstance(value, bool) else (MISTYPED, None)
    if bins.kind == "category":
        texts = [one.text for one in bins.cells]
        if isinstance(value, list):
            return MISTYPED, None
        return (texts.index(str(value)) if str(value) in texts else UNSEEN), None
    if isinstance(value, str):
        return MISTYPED, None
    number = float(value)
    return number_cell(bins, number), number if number < 1e100 else None


def number_cell(bins: FieldBins, number: float) -> int:
    """Find the cell of a number by going through all."""
    assert bins.low is not None and bins.high is not None
    if number < bins.low:
        return BELOW
    if number > bins.high:
        return ABOVE
    return max(one.cell for one in bins.cells if one.low is not None and one.low <= number)


def _score_cell(bins: FieldBins, p: float) -> int:
    return number_cell(bins, p) if bins.kind in NUMBERS else min(int(p * 1000), 999)
