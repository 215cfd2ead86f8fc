"""Putting a candidate together as a pipeline of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.experiments.candidates.candidate import Candidate, Parts, step_names
from analysis.experiments.candidates.making import make
from analysis.experiments.candidates.owncode import guarded
from analysis.experiments.declared.experiment import ColumnKind
from analysis.project import Project

COLUMNS, MODEL = "columns", "model"


def build(
    project: Project, candidate: Candidate, columns: Mapping[str, ColumnKind], seed: int
) -> Any:
    """Make the pipeline of a candidate, not fitted yet, which takes a frame of ``columns``.

    It always is a ``Pipeline``: ``columns`` (if a kind of column is preprocessed), the steps by
    the names of their classes, ``model``. Booleans come as numbers, categories as pandas' own
    type. Every estimator in it that has a ``random_state`` of ``None`` gets ``seed``.

    Raises
    ------
    ProjectError
        A part is not allowed, or does not take its parameters; with file and line.
    """
    from sklearn.pipeline import Pipeline

    steps = [
        (name, make(project, part))
        for name, part in zip(step_names(candidate.steps), candidate.steps, strict=True)
    ]
    model = make(project, candidate.model)
    first = steps[0][1] if steps else model
    if (chosen := _preprocessing(project, candidate, columns, first)) is not None:
        steps.insert(0, (COLUMNS, chosen))
    pipeline = Pipeline([*steps, (MODEL, model)])
    _seed(pipeline, seed)
    return pipeline


def _preprocessing(
    project: Project, candidate: Candidate, columns: Mapping[str, ColumnKind], following: Any
) -> Any:
    from sklearn.compose import ColumnTransformer

    by_kind = {
        kind: [name for name, of in columns.items() if of == kind]
        for kind in candidate.preprocessing
    }
    present = {kind: parts for kind, parts in candidate.preprocessing.items() if by_kind[kind]}
    if not any(present.values()):
        return None
    transformers = [
        (kind, _chain(project, parts) if parts else "passthrough", by_kind[kind])
        for kind, parts in present.items()
    ]
    with guarded(project, "its tags cannot be had", candidate.model.place):
        sparse = _takes_sparse(following)
    # What follows may take sparse rows; if not, they must not depend on how many noughts there are.
    chosen = ColumnTransformer(transformers, sparse_threshold=0.3 if sparse else 0)
    if "category" in present and not present["category"]:
        # Only pandas keeps that a column is a category.
        chosen.set_output(transform="pandas")
    return chosen


def _chain(project: Project, parts: Parts) -> Any:
    from sklearn.pipeline import Pipeline

    made = [make(project, part) for part in parts]
    return Pipeline(list(zip(step_names(parts), made, strict=True)))


def _takes_sparse(estimator: Any) -> bool:
    from sklearn.utils import get_tags

    return bool(get_tags(estimator).input_tags.sparse)


def _seed(pipeline: Any, seed: int) -> None:
    missing = [
        name
        for name, value in pipeline.get_params().items()
        if value is None and name.rpartition("__")[2] == "random_state"
    ]
    pipeline.set_params(**dict.fromkeys(missing, seed))
