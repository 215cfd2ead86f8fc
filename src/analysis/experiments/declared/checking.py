"""Mistakes in the file of an experiment that its models do not show, found in its text alone."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.errors import Location, ProjectError
from analysis.experiments.declared.experiment import (
    CandidateSpec,
    Experiment,
    Honesty,
    Learning,
    SplitSpec,
    Step,
)
from analysis.project import Yaml
from analysis.project.yamlfile import Key, Keys

# What experiments and candidates may be called: such names are safe in paths, pages and addresses.
EXPERIMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
CANDIDATE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
_LONGEST = 80
_HOWS = ("random", "group", "by", "forward")


def check_name(name: str, where: Location | None) -> None:
    """See that an experiment may be called so.

    Raises
    ------
    ProjectError
        It may not.
    """
    if not EXPERIMENT_NAME.fullmatch(name) or len(name) > _LONGEST:
        raise ProjectError(
            f"`{name}` cannot be the name of an experiment",
            where,
            f"use at most {_LONGEST} letters, digits, - _ and ., a letter or digit first",
        )


def check(experiment: Experiment, yaml: Yaml) -> None:
    """Look at all that several keys say together.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    _check_split(experiment.split, yaml, ("split",))
    _check_distinct(experiment.metrics, "metric", yaml, ("metrics",))
    _check_distinct(experiment.dataset.features, "view", yaml, ("dataset", "features"))
    for key in ("columns", "leave_out"):
        _check_distinct(getattr(experiment.dataset, key), "column", yaml, ("dataset", key))
    _check_chains(experiment.preprocessing, yaml, ())
    for name, spec in experiment.candidates.items():
        _check_candidate(name, spec, yaml)
    if isinstance(experiment.honesty, Honesty):
        _check_honesty(experiment.honesty, yaml)
    if isinstance(experiment.learning, Learning):
        _check_sizes(experiment.learning.sizes, yaml)


def _check_split(split: SplitSpec, yaml: Yaml, keys: Keys) -> None:
    given = [how for how in _HOWS if getattr(split, how) is not None]
    if not given:
        raise ProjectError(
            "the split does not say how",
            yaml.where(*keys),
            "write one of `random: true`, `group: column`, `by: day`, `forward: column`",
        )
    if len(given) > 1:
        raise ProjectError(
            f"the split has {' and '.join(f'`{how}`' for how in given)}",
            yaml.where(*keys, given[1]),
            "keep one of them",
        )
    if split.of is not None and split.by is None:
        raise ProjectError(
            f"`of` goes with `by`, and not with `{given[0]}`",
            yaml.where(*keys, "of"),
            "write `{by: day, of: column}`, or leave out `of`",
        )


def _check_distinct(names: Sequence[str], what: str, yaml: Yaml, keys: Keys) -> None:
    for index, name in enumerate(names):
        if not name.strip():
            raise ProjectError(f"the name of this {what} is empty", yaml.where(*keys, index))
        if name in names[:index]:
            raise ProjectError(
                f"the {what} `{name}` stands here twice",
                yaml.where(*keys, index),
                "keep one of the two",
            )


def _check_candidate(name: str, spec: CandidateSpec, yaml: Yaml) -> None:
    keys: Keys = ("candidates", name)
    if not CANDIDATE_NAME.fullmatch(name) or len(name) > _LONGEST:
        raise ProjectError(
            f"`{name}` cannot be the name of a candidate",
            yaml.where(*keys),
            f"use at most {_LONGEST} letters, digits, - _ . and +, a letter or digit first",
        )
    _check_step(spec, yaml, keys)
    for index, step in enumerate(spec.steps):
        _check_step(step, yaml, yaml.item(index, *keys, "steps"))
    _check_chains(spec.preprocessing, yaml, keys)
    if spec.features is not None:
        if not spec.features:
            raise ProjectError(
                f"the candidate `{name}` has no features",
                yaml.where(*keys, "features"),
                "name views, or columns as `view.column`; leave the key out to take all",
            )
        _check_distinct(spec.features, "feature", yaml, (*keys, "features"))
    for where, space in (("grid", spec.grid), ("random", spec.random and spec.random.space)):
        inner: Keys = (*keys, where) if where == "grid" else (*keys, where, "space")
        for parameter, value in (space or {}).items():
            _check_value(parameter, value, yaml, (*inner, parameter))


def _check_chains(chains: Mapping[Any, Sequence[Step]], yaml: Yaml, keys: Keys) -> None:
    for kind, steps in chains.items():
        for index, step in enumerate(steps):
            _check_step(step, yaml, yaml.item(index, *keys, "preprocessing", kind))


def _check_step(step: Step, yaml: Yaml, keys: Keys) -> None:
    for parameter, value in step.parameters.items():
        _check_value(parameter, value, yaml, (*keys, "parameters", parameter))


def _check_value(parameter: str, value: Any, yaml: Yaml, keys: Keys) -> None:
    """See that a value is one that JSON can hold too, for runs write down their parameters."""
    if isinstance(value, datetime.date | bytes | set):
        is_date = isinstance(value, datetime.date)
        kind = "date" if is_date else type(value).__name__
        raise ProjectError(
            f"the value of `{parameter}` is a {kind}, and no text, number, list or mapping",
            yaml.where(*keys),
            "write it in quotes, if text was meant" if is_date else None,
        )
    inner: Sequence[tuple[Key, Any]] = ()
    if isinstance(value, Mapping):
        inner = [(key if isinstance(key, int) else str(key), item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        inner = [*enumerate(value)]
    for key, item in inner:
        _check_value(parameter, item, yaml, (*keys, key))


def _check_honesty(honesty: Honesty, yaml: Yaml) -> None:
    for index, split in enumerate(honesty.splits or ()):
        _check_split(split, yaml, ("honesty", "splits", index))
        if honesty.splits and split in honesty.splits[:index]:
            raise ProjectError(
                "this split stands here twice",
                yaml.where("honesty", "splits", index),
                "keep one of the two",
            )
    for key, given in (("splits", honesty.splits), ("candidates", honesty.candidates)):
        if given == ():
            raise ProjectError(
                f"`honesty.{key}` is empty",
                yaml.where("honesty", key),
                "write `honesty: false` to leave the panel out",
            )
    _check_distinct(honesty.candidates or (), "candidate", yaml, ("honesty", "candidates"))


def _check_sizes(sizes: Sequence[float], yaml: Yaml) -> None:
    if not sizes:
        raise ProjectError(
            "there are no sizes to train on",
            yaml.where("learning", "sizes"),
            "write `learning: false` to leave learning curves out",
        )
    for index, size in enumerate(sizes):
        where = yaml.where("learning", "sizes", index)
        if not math.isfinite(size) or not 0 < size <= 1:
            raise ProjectError(
                f"{size:g} is no share of the training rows",
                where,
                "write shares above 0, up to 1",
            )
        if index and size <= sizes[index - 1]:
            raise ProjectError(
                f"the size {size:g} stands after {sizes[index - 1]:g}", where, "sizes go upwards"
            )
