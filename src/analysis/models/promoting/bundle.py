"""Putting the files of a version together in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analysis.errors import DatasetError, ModelError
from analysis.experiments.running.events import Event
from analysis.experiments.running.plan import machine, python_version
from analysis.experiments.runs.store import curves_of
from analysis.files import write_text
from analysis.models.bundle.record import (
    BUNDLE,
    CARD,
    FEATURES_SQL,
    FORMAT,
    GOLDEN,
    MODEL,
    PREDICTION,
    PREDICTION_SQL,
    PROBABILITY,
    VALIDATE,
    Bundle,
    Output,
    Provenance,
    Uncompiled,
)
from analysis.models.bundle.store import write_golden, write_record
from analysis.models.card.card import Tried, card
from analysis.models.golden.cases import Golden, golden
from analysis.models.predicting.load import load_model
from analysis.models.predicting.predictor import Predictor
from analysis.models.promoting.model import bring_model, recorded
from analysis.models.promoting.schema import class_type, fields_of, key_of
from analysis.models.promoting.source import Refit, Source
from analysis.models.promoting.trial import tried
from analysis.models.sql.term import UncompilableError
from analysis.models.sql.written import prediction_sql
from analysis.models.validating.standalone import standalone_source
from analysis.project.git import git_commit


@dataclass(frozen=True)
class Wanted:
    """How a run shall be promoted: under which name, by whom and why, and whether fitted anew."""

    model: str
    refit: Refit = "none"
    by: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Made:
    """A bundle in a folder, and the golden cases in it."""

    bundle: Bundle
    golden: Golden


def make_bundle(
    source: Source, wanted: Wanted, folder: Path, report: Callable[[Event], None]
) -> Made:
    """Write all files of a version into ``folder``.

    Raises
    ------
    ModelError
        The model cannot be had, or not be loaded again, or predicts nothing for some rows.
    """
    model = bring_model(source, wanted.refit, folder / MODEL, report)
    bundle = replace(_bundle(source, wanted), files=(model,))
    estimator = load_model(folder, bundle, source.project)
    bundle = replace(bundle, outputs=_outputs(bundle, estimator))
    _check_names(bundle)
    bundle = replace(bundle, fields=tried(Predictor(bundle, estimator), bundle.fields))
    cases = golden(Predictor(bundle, estimator))
    write_golden(folder / GOLDEN, cases.cases)
    write_text(folder / FEATURES_SQL, _features(source))
    bundle = replace(bundle, uncompiled=_compile(bundle, estimator, folder / PREDICTION_SQL))
    write_text(folder / VALIDATE, standalone_source())
    told = Tried(cases.kinds, cases.thresholds, cases.left_out)
    write_text(folder / CARD, card(bundle, told))
    names = (MODEL, GOLDEN, CARD, FEATURES_SQL, PREDICTION_SQL, VALIDATE)
    files = tuple(recorded(folder / name) for name in names if (folder / name).exists())
    bundle = replace(bundle, files=files)
    write_record(folder / BUNDLE, bundle)
    return Made(bundle, cases)


def _bundle(source: Source, wanted: Wanted) -> Bundle:
    run, data = source.run, source.planned.data
    positive = data.positive or data.classes[-1] if run.task == "binary" else None
    return Bundle(
        format=FORMAT,
        model=wanted.model,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        by=wanted.by,
        why=wanted.why,
        question=source.question,
        task=run.task,
        estimator=run.estimator,
        recipe=run.recipe,
        parameters=run.parameters,
        classes=data.classes,
        positive=positive,
        class_type=class_type(source),
        sample=data.sample,
        features=data.features,
        key=key_of(source),
        target=data.target,
        fields=fields_of(source),
        outputs=(),
        split=run.split.label,
        metrics=run.metrics,
        importance=_importance(source),
        seconds=run.seconds,
        uncompiled=None,
        provenance=_provenance(source, wanted),
        files=(),
    )


def _provenance(source: Source, wanted: Wanted) -> Provenance:
    run, planned = source.run, source.planned
    commit = git_commit(source.project.root)
    refit = wanted.refit == "full"
    option = " --refit full" if refit else ""
    return Provenance(
        experiment=run.experiment,
        run=run.run,
        candidate=run.candidate,
        refit=refit,
        run_commit=run.origin.commit,
        commit=commit and commit.rstrip("+"),
        dirty=None if commit is None else commit.endswith("+"),
        rows=planned.data.rows,
        columns=planned.data.columns,
        code=planned.origin.code,
        packages=planned.origin.packages,
        python=python_version() if refit else run.origin.python,
        platform=machine() if refit else run.origin.platform,
        seeds=planned.seeds,
        command=f"analysis model promote {run.run} --as {wanted.model}{option}",
    )


def _importance(source: Source) -> Mapping[str, float]:
    """Give the loss of the first metric when a column is shuffled, the greatest first."""
    for curve in curves_of(source.project, source.run):
        if curve.curve == "importance" and curve.names:
            pairs = zip(curve.names, curve.y, strict=True)
            return {name: loss for name, loss in pairs if loss is not None}
    return {}


def _outputs(bundle: Bundle, estimator: Any) -> tuple[Output, ...]:
    label = Output(PREDICTION)
    if bundle.task == "regression" or not hasattr(estimator, "predict_proba"):
        return (label,)
    if bundle.task == "binary":
        return (label, Output(PROBABILITY, bundle.positive))
    return (label, *(Output(f"{PROBABILITY}_{name}", name) for name in bundle.classes))


def _check_names(bundle: Bundle) -> None:
    given = {output.name.lower() for output in bundle.outputs}
    for key in bundle.key:
        if key.name.lower() in given:
            raise ModelError(
                f"the key column `{key.name}` of {bundle.sample} is called like what the model "
                "gives, so nobody could tell them apart",
                None,
                "give it another name in the sample view",
            )


def _features(source: Source) -> str:
    """Write the query of the dataset; one that needs the warehouse where it cannot be inlined."""
    try:
        return source.dataset.sql(inline=True).rstrip() + "\n"
    except DatasetError as error:
        told = " ".join(error.what.split())
        return (
            "-- This query reads views of the project's warehouse, for it cannot stand for itself:"
            f"\n-- {told}\n{source.dataset.sql().rstrip()}\n"
        )


def _compile(bundle: Bundle, estimator: Any, target: Path) -> Uncompiled | None:
    """Write the model as SQL; where it cannot be, say which step and why."""
    try:
        written = prediction_sql(estimator, bundle, [key.name for key in bundle.key])
    except UncompilableError as error:
        return Uncompiled(error.step, error.why)
    write_text(target, written.rstrip() + "\n")
    return None
