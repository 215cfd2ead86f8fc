"""Bundles as promoting makes them, of small pipelines: with SQL and ``validate.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.experiments.runs.record import FileRecord, Task
from analysis.files import checksum, write_text
from analysis.models.bundle.record import (
    BUNDLE,
    GOLDEN,
    PREDICTION_SQL,
    VALIDATE,
    Bundle,
    GoldenCase,
)
from analysis.models.bundle.store import read_bundle, read_golden, write_golden, write_record
from analysis.models.golden.cases import golden
from analysis.models.predicting.predictor import open_predictor
from analysis.models.promoting.trial import tried
from analysis.models.sql.written import prediction_sql
from analysis.models.validating.standalone import standalone_source
from tests.helpers.bundle_pipelines import INPUTS
from tests.helpers.bundles import write_bundle


def write_whole(folder: Path, task: Task = "binary", **told: Any) -> Bundle:
    """Write a bundle with all its files, and golden cases as promoting makes them."""
    write_bundle(folder, task=task, **{"uncompiled": None, "golden": INPUTS[:2], **told})
    predictor = open_predictor(folder)
    bundle = replace(predictor.bundle, fields=tried(predictor, predictor.bundle.fields))
    write_record(folder / BUNDLE, bundle)
    predictor = replace(predictor, bundle=bundle)
    if bundle.uncompiled is None:
        key = [each.name for each in bundle.key]
        write_text(folder / PREDICTION_SQL, prediction_sql(predictor.estimator, bundle, key))
    write_text(folder / VALIDATE, standalone_source())
    write_golden(folder / GOLDEN, golden(predictor).cases)
    return renew(folder)


def renew(folder: Path) -> Bundle:
    """Let ``bundle.json`` tell of the files as they are now, as if they had been promoted so."""
    bundle = read_bundle(folder / BUNDLE)
    names = {told.file for told in bundle.files} | {PREDICTION_SQL, VALIDATE}
    there = [folder / name for name in sorted(names) if (folder / name).exists()]
    files = tuple(FileRecord(p.name, p.stat().st_size, checksum(p)) for p in there)
    bundle = replace(bundle, files=files)
    write_record(folder / BUNDLE, bundle)
    return bundle


def change_golden(folder: Path, change: Callable[[GoldenCase], GoldenCase]) -> None:
    """Let golden cases expect something else, as if they had been promoted so."""
    write_golden(folder / GOLDEN, tuple(change(case) for case in read_golden(folder / GOLDEN)))
    renew(folder)
