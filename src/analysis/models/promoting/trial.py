"""What a fitted model takes of missing and of unseen values, found out by trying."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.errors import ModelError
from analysis.models.bundle.record import Field
from analysis.models.golden.draws import typical, unseen_texts
from analysis.models.predicting.predictor import Predictor

Row = Mapping[str, Any]


def tried(predictor: Predictor, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Say of each field whether it may be missing, and whether a category may be unseen.

    Raises
    ------
    ModelError
        The model cannot even predict a row that is like those that it was fitted on.
    """
    usual = {field.name: typical(field) for field in fields}
    # A column that was never there in training can only be missing.
    always = {name for name, value in usual.items() if value is None}
    if problem := _problem(predictor, fields, usual):
        raise ModelError(
            f"the model cannot predict a row of typical values: {problem}",
            None,
            "look at what its candidate does with one row at a time",
        )

    def takes(field: Field, value: Any) -> bool:
        return _problem(predictor, fields, {**usual, field.name: value}) is None

    return tuple(
        replace(
            field,
            nullable=field.name in always or takes(field, None),
            unseen=field.type == "category" and takes(field, unseen_texts(field)[0]),
        )
        for field in fields
    )


def _problem(predictor: Predictor, fields: tuple[Field, ...], row: Row) -> str | None:
    bundle = replace(predictor.bundle, fields=fields)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            Predictor(bundle, predictor.estimator).predict({n: [v] for n, v in row.items()})
    except Exception as error:
        # Each step says in its own way what it does not take.
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
    return None
