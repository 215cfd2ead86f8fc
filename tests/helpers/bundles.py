"""Real versions of models, made quickly: small pipelines, true checksums, true golden outputs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.experiments.running.model import write_model
from analysis.experiments.runs.record import FileRecord, MetricValue, Seconds, Task
from analysis.files import checksum, write_text
from analysis.models.bundle.record import (
    BUNDLE,
    CARD,
    FEATURES_SQL,
    FORMAT,
    GOLDEN,
    MODEL,
    Bundle,
    Certificate,
    Check,
    Event,
    GoldenCase,
    KeyField,
    Output,
    Provenance,
    Stage,
    Uncompiled,
    Version,
)
from analysis.models.bundle.store import write_golden, write_record
from analysis.models.registry.registry import Registry, open_registry
from analysis.models.registry.stages import Change, changes, written
from analysis.project import find_project
from tests.helpers.bundle_pipelines import CLASSES, FIELDS, INPUTS, ROWS, fitted, outputs_of
from tests.helpers.run_values import metrics_of
from tests.helpers.runs import BY_DAY

_TARGETS: dict[Task, str] = {"binary": "late", "multiclass": "species", "regression": "delay"}


def write_bundle(
    folder: Path,
    model: str = "late-flights",
    task: Task = "binary",
    *,
    kind: str = "linear",
    seed: int = 1,
    golden: Sequence[tuple[str, dict[str, Any]]] = INPUTS,
    estimator: Any = None,
    **changed: Any,
) -> Bundle:
    """Write all files of a version into ``folder``, and give what ``bundle.json`` says.

    ``kind`` is ``linear`` or ``trees`` (HistGradientBoosting). Another ``seed`` gives another
    model, as does an ``estimator``. ``changed`` are fields of the bundle that shall be otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    estimator = estimator or fitted(task, kind, seed)
    write_model(estimator, folder / MODEL)
    cases = tuple(
        GoldenCase(kind_of, inputs, outputs)
        for (kind_of, inputs), outputs in zip(
            golden, outputs_of(estimator, task, [inputs for _, inputs in golden]), strict=True
        )
    )
    write_golden(folder / GOLDEN, cases)
    write_text(folder / CARD, f"# {model}\n\nWhich trips are late?\n")
    write_text(folder / FEATURES_SQL, "select id, wind, hour, holiday, carrier from trips\n")
    files = tuple(
        FileRecord(name, (folder / name).stat().st_size, checksum(folder / name))
        for name in (MODEL, GOLDEN, CARD, FEATURES_SQL)
    )
    bundle = replace(bundle_of(task, model, kind, seed), files=files, **changed)
    write_record(folder / BUNDLE, bundle)
    return bundle


def add_bundle(
    root: Path, model: str = "late-flights", task: Task = "binary", **told: Any
) -> Version:
    """Promote such a version in the project at ``root``, as a candidate."""
    registry = open_registry(find_project(root))
    folder = root / ".analysis" / "bundle-of-a-test"
    write_bundle(folder, model, task, **told)
    event = Event(
        FORMAT, model, "", "stage", written(datetime.now(UTC)), "Ann", "first", "candidate"
    )
    try:
        return registry.add(model, folder, event)
    finally:
        shutil.rmtree(folder)


def certify(root: Path, version: Version, *, passed: bool = True, **changed: Any) -> Version:
    """Give a version a certificate of its own files, as if all had been tried."""
    registry = open_registry(find_project(root))
    proof = replace(certificate_of(version.bundle, passed=passed), **changed)
    registry.record(
        Event(
            format=FORMAT,
            model=version.bundle.model,
            version=version.id,
            kind="certificate",
            at=written(datetime.now(UTC)),
            by="Ann",
            why=None,
            certificate=proof,
        )
    )
    return _again(registry, version)


def stage(root: Path, version: Version, to: Stage, why: str = "it is better") -> Version:
    """Bring a version to a stage, with a certificate where it needs one."""
    registry = open_registry(find_project(root))
    if to == "champion" and version.certificate is None:
        version = certify(root, version)
    versions = registry.versions(version.bundle.model)
    for event in changes(versions, version, Change(to, "Ann", why, datetime.now(UTC))):
        registry.record(event)
    return _again(registry, version)


def certificate_of(bundle: Bundle, *, passed: bool = True) -> Certificate:
    """Give a certificate of a bundle's model and golden cases."""
    model, golden = bundle.file(MODEL), bundle.file(GOLDEN)
    assert model is not None and golden is not None
    largest = 2e-16 if passed else 0.25
    return Certificate(
        tolerance=1e-9,
        cases=len(INPUTS),
        checks=(
            Check("python", "1.9.1", len(INPUTS), largest, 0),
            Check("duckdb", "1.4.0", len(INPUTS), 0.0, 0),
            Check("postgres", "", 0, None, 0, skipped="no PostgreSQL here"),
        ),
        packages={"scikit-learn": "1.9.1"},
        model_sha256=model.sha256,
        golden_sha256=golden.sha256,
        passed=passed,
    )


def bundle_of(
    task: Task, model: str = "late-flights", kind: str = "linear", seed: int = 1
) -> Bundle:
    """Say what `bundle.json` says, without files."""
    classes = CLASSES[task]
    told = [(m.name, m.at(0.5), m.best) for m in metrics_of(task)]
    return Bundle(
        format=FORMAT,
        model=model,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        by="Ann",
        why="the first that is good enough",
        question="Which trips are late?",
        task=task,
        estimator="sklearn.linear_model.LogisticRegression" if kind == "linear" else "trees",
        recipe={"estimator": kind, "parameters": {"seed": seed}},
        parameters={"seed": seed},
        classes=classes,
        positive="true" if task == "binary" else None,
        class_type="boolean" if task == "binary" else "text",
        sample="samples.trips",
        features={
            "samples.trips": ("hour",),
            "features.weather": ("wind",),
            "features.plan": ("holiday", "carrier"),
        },
        key=(KeyField("id", "BIGINT"),),
        target=_TARGETS[task],
        fields=FIELDS,
        outputs=_outputs(task),
        split=BY_DAY.label,
        metrics=tuple(
            MetricValue(name, at, at - 0.02, at + 0.02, at - 0.03, at + 0.03, best)
            for name, at, best in told
        ),
        importance={"wind": 0.05, "hour": 0.01},
        seconds=Seconds(0.2, 0.1, 0.3),
        uncompiled=Uncompiled("model", "these tests do not compile it"),
        provenance=_provenance(model, kind, seed),
        files=(),
    )


def _provenance(model: str, kind: str, seed: int) -> Provenance:
    return Provenance(
        experiment="late-trips",
        run=f"{seed:010x}",
        candidate=kind,
        refit=True,
        run_commit="1" * 40,
        commit="2" * 40,
        dirty=False,
        rows=ROWS,
        columns={"features.weather.wind": f"{seed:032x}", "samples.trips.hour": "b" * 32},
        code={},
        packages={"scikit-learn": "1.9.1", "numpy": "2.4.6"},
        python="3.11.9",
        platform="Linux x86_64",
        seeds={"split": 1, "model": seed},
        command=f"analysis model promote {seed:010x} --as {model}",
    )


def _outputs(task: Task) -> tuple[Output, ...]:
    if task == "binary":
        return Output("prediction"), Output("probability", "true")
    return (Output("prediction"), *(Output(f"probability_{name}", name) for name in CLASSES[task]))


def _again(registry: Registry, version: Version) -> Version:
    found = registry.versions(version.bundle.model)
    return next(one for one in found if one.id == version.id)
