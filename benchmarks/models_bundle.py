"""A version of a model of made-up flights in a project of its own, for what serves it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.experiments.running.model import write_model
from analysis.experiments.runs.record import FileRecord, Seconds
from analysis.files import checksum, write_text
from analysis.models.bundle.record import (
    BUNDLE,
    FORMAT,
    MODEL,
    QUANTILES,
    Bundle,
    Event,
    Field,
    KeyField,
    Output,
    Provenance,
    Uncompiled,
)
from analysis.models.bundle.store import write_record
from analysis.models.registry.registry import open_registry
from analysis.project import open_project

NAME = "late-flights"


def write_version(root: Path, pipeline: Any, frame: pd.DataFrame) -> None:
    """Make a project at ``root`` with a version of ``pipeline``, fitted on ``frame``."""
    write_text(root / "_quarto.yml", "project: {type: website}\n")
    folder = root / "bundle"
    folder.mkdir()
    write_model(pipeline, folder / MODEL)
    path = folder / MODEL
    files = (FileRecord(MODEL, path.stat().st_size, checksum(path)),)
    write_record(folder / BUNDLE, _bundle(pipeline, frame, files))
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    event = Event(FORMAT, NAME, "", "stage", now, None, None, "candidate")
    open_registry(open_project(root)).add(NAME, folder, event)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as JSON has them."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", double_precision=15))
    return found


def _bundle(pipeline: Any, frame: pd.DataFrame, files: tuple[FileRecord, ...]) -> Bundle:
    return Bundle(
        format=FORMAT,
        model=NAME,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        by=None,
        why=None,
        question="Which flights are late?",
        task="binary",
        estimator=type(pipeline.steps[-1][1]).__name__,
        recipe={},
        parameters={},
        classes=("false", "true"),
        positive="true",
        class_type="boolean",
        sample="samples.flights",
        features={"features.flights": tuple(map(str, frame))},
        key=(KeyField("id", "BIGINT"),),
        target="late",
        fields=tuple(_field(str(name), frame[name]) for name in frame),
        outputs=(Output("prediction"), Output("probability", "true")),
        split="random",
        metrics=(),
        importance={},
        seconds=Seconds(0.0, 0.0, 0.0),
        uncompiled=Uncompiled("model", "it is not asked for here"),
        provenance=_provenance(len(frame)),
        files=files,
    )


def _field(name: str, values: pd.Series) -> Field:
    told: dict[str, Any] = {"name": name, "relation": "features.flights", "nullable": True}
    told |= {"description": None, "unit": None, "nulls": float(values.isna().mean())}
    if isinstance(values.dtype, pd.CategoricalDtype):
        categories = tuple(map(str, values.cat.categories))
        shares = tuple(values.value_counts(normalize=True)[list(categories)])
        return Field(type="category", categories=categories, shares=shares, unseen=True, **told)
    quantiles = tuple(float(values.quantile(q)) for q in QUANTILES)
    low, high = float(values.min()), float(values.max())
    return Field(type="number", low=low, high=high, quantiles=quantiles, **told)


def _provenance(rows: int) -> Provenance:
    return Provenance(
        experiment="benchmark",
        run="0" * 10,
        candidate="benchmark",
        refit=True,
        run_commit=None,
        commit=None,
        dirty=None,
        rows=rows,
        columns={},
        code={},
        packages={},
        python="",
        platform="",
        seeds={},
        command="",
    )
