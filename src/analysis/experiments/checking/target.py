"""The target: what is to be predicted, of which classes, and which of them is positive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import ProjectError
from analysis.experiments.checking.check import Checked
from analysis.experiments.checking.described import MOST_CLASSES, Column, Description, Target
from analysis.experiments.checking.kinds import is_class, is_number, short
from analysis.experiments.checking.wording import closest
from analysis.experiments.runs.record import Task

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


# What is positive where nothing is said.
_POSITIVE: Mapping[tuple[str, ...], str] = {("false", "true"): "true", ("0", "1"): "1"}


@dataclass(frozen=True)
class Aimed:
    """A target: its column, the task, the classes as sorted texts, and the positive one."""

    column: Column
    task: Task
    classes: tuple[str, ...]
    positive: str | None


def aim_at(checked: Checked, description: Description) -> Aimed:
    """Find the target, and see that it fits what the candidates predict.

    Raises
    ------
    ProjectError
        It does not, or values of it are missing; with file and line.
    """
    column, values = _find(checked, description)
    where = checked.declared.yaml.where("dataset", "target")
    if values.missing:
        raise ProjectError(
            f"the target `{column.name}` has no value in {values.missing:,} of "
            f"{description.rows:,} rows",
            where,
            f"leave these rows out of {description.sample}",
        )
    if not description.rows:
        raise ProjectError(
            f"{description.sample} has no rows",
            checked.declared.yaml.where("dataset", "sample"),
            "look at it with `analysis.query`",
        )
    if checked.aim == "regression":
        return _number(checked, column, values, description)
    return _classes(checked, column, values)


def class_codes(values: pd.Series[Any], classes: tuple[str, ...]) -> NDArray[np.int64]:
    """Give the place of each value of the target among the classes."""
    import pandas as pd

    if pd.api.types.is_float_dtype(values.dtype):
        values = values.astype("int64")  # a HUGEINT, which pandas does not have
    texts = values.astype(str)
    if pd.api.types.is_bool_dtype(values.dtype):
        texts = texts.str.lower()
    codes = pd.Categorical(texts, categories=list(classes)).codes.astype("int64")
    if unknown := texts[codes < 0].tolist():
        raise ProjectError(
            f"the target has the class `{unknown[0]}`, which was not there a moment ago",
            hint="run again when the warehouse is not being built; cast large numbers to text",
        )
    return codes


def _find(checked: Checked, description: Description) -> tuple[Column, Target]:
    declared = checked.declared
    if description.target is None:
        raise ProjectError(
            f"neither the experiment nor {description.sample} names a target",
            declared.yaml.where("dataset"),
            "add `target:`, the column that is to be predicted",
        )
    column = description.find(description.target)
    if column is None or description.values is None:
        known = [c.name for c in description.columns]
        raise ProjectError(
            f"the dataset has no column `{description.target}`, which is to be the target",
            declared.yaml.where("dataset", "target"),
            closest(description.target, known),
        )
    return column, description.values


def _number(checked: Checked, column: Column, values: Target, description: Description) -> Aimed:
    yaml, spec = checked.declared.yaml, checked.declared.experiment.dataset
    if not is_number(column.type):
        raise ProjectError(
            f"the target `{column.name}` is of type {short(column.type)}, and no number to regress",
            yaml.where("dataset", "target"),
            "name a number, or use classifiers",
        )
    if values.odd:
        raise ProjectError(
            f"the target `{column.name}` is not a finite number in {values.odd:,} "
            f"of {description.rows:,} rows",
            yaml.where("dataset", "target"),
            "leave these rows out of the sample",
        )
    if spec.positive is not None:
        raise ProjectError(
            "a regression has no positive class",
            yaml.where("dataset", "positive"),
            "leave `positive` out",
        )
    return Aimed(column, "regression", (), None)


def _classes(checked: Checked, column: Column, values: Target) -> Aimed:
    yaml = checked.declared.yaml
    where = yaml.where("dataset", "target")
    if not is_class(column.type) or values.classes is None:
        raise ProjectError(
            f"the target `{column.name}` is of type {short(column.type)}, which has no classes",
            where,
            "cast it in the sample view to text, BOOLEAN or INTEGER, or use regressors",
        )
    classes = tuple(sorted(values.classes))
    if len(classes) < 2:
        raise ProjectError(
            f"the target `{column.name}` is `{classes[0]}` in all rows, so nothing can be learnt",
            where,
            "take other rows into the sample",
        )
    if len(classes) > MOST_CLASSES:
        raise ProjectError(
            f"the target `{column.name}` has more than {MOST_CLASSES} different values",
            where,
            "name a column of fewer classes, or use regressors",
        )
    task: Task = "binary" if len(classes) == 2 else "multiclass"
    return Aimed(column, task, classes, _positive(checked, classes))


def _positive(checked: Checked, classes: tuple[str, ...]) -> str | None:
    given = checked.declared.experiment.dataset.positive
    yaml = checked.declared.yaml
    listed = ", ".join(f"`{name}`" for name in classes)
    if len(classes) > 2:
        if given is None:
            return None
        raise ProjectError(
            f"of {len(classes)} classes none is the positive one",
            yaml.where("dataset", "positive"),
            "leave `positive` out",
        )
    if given is None:
        if standard := _POSITIVE.get(classes):
            return standard
        raise ProjectError(
            f"which class is the experiment about? The target has {listed}",
            yaml.where("dataset"),
            "add `positive:`, one of them",
        )
    text = str(given).lower() if isinstance(given, bool) else str(given)
    if text not in classes:
        raise ProjectError(
            f"the target has no class `{text}`, but {listed}",
            yaml.where("dataset", "positive"),
            "name one of them",
        )
    return text
