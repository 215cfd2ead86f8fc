"""By which columns rows are split, and drawn."""

from __future__ import annotations

from typing import get_args

from analysis.errors import Location, ProjectError
from analysis.experiments.checking.described import Column, Description
from analysis.experiments.checking.kinds import (
    has_days,
    has_hours,
    is_nested,
    is_number,
    short,
)
from analysis.experiments.checking.wording import closest
from analysis.experiments.declared.experiment import Honesty, SplitSpec, Unit
from analysis.experiments.declared.file import Declared
from analysis.experiments.splits.rule import BlockRule, SplitRule

_UNITS: tuple[Unit, ...] = get_args(Unit)
_ROWS = ("row", "rows")


def split_rule(
    spec: SplitSpec, where: Location | None, description: Description, stratified: bool
) -> SplitRule:
    """Find the column that a split goes by; ``where`` is the place to name in messages.

    Raises
    ------
    ProjectError
        There is no such column, or it is of a type that does not fit.
    """
    if spec.group is not None:
        column = _found(spec.group, where, description)
        if is_nested(column.type):
            raise _unfit(column, where, "rows cannot be grouped by it", "make a text of it")
        return SplitRule("group", column.name, None, spec.folds, spec.seed, stratified, where)
    if spec.by is not None:
        column = _time(spec.of, spec.by, where, description)
        return SplitRule("by", column.name, spec.by, spec.folds, spec.seed, False, where)
    if spec.forward is not None:
        column = _found(spec.forward, where, description)
        if not has_days(column.type) and not is_number(column.type):
            told = "which is no order to go forward in"
            raise _unfit(column, where, told, "name a date, a time or a number")
        unit: Unit | None = "day" if has_days(column.type) else None
        return SplitRule("forward", column.name, unit, spec.folds, spec.seed, False, where)
    return SplitRule("random", None, None, spec.folds, spec.seed, stratified, where)


def honesty_rules(
    declared: Declared, main: SplitRule, description: Description, stratified: bool
) -> tuple[SplitRule, ...]:
    """Give the other splits under which candidates are looked at.

    Where they do not say how many folds and which seed, these are those of the split itself. By
    default random rows, or where these are the split itself, days; and forward, where the
    sample has a time. The place of such a default is ``None``: it may not be possible.

    Raises
    ------
    ProjectError
        One that is declared does not fit.
    """
    honesty = declared.experiment.honesty
    if not isinstance(honesty, Honesty):
        return ()
    if honesty.splits is not None:
        wheres = [
            declared.yaml.where("honesty", "splits", index) for index in range(len(honesty.splits))
        ]
        return tuple(
            split_rule(_like(main, spec), where, description, stratified)
            for spec, where in zip(honesty.splits, wheres, strict=True)
        )
    both = {"folds": main.folds, "seed": main.seed}
    specs = [SplitSpec(random=True, **both)]
    if description.time is not None:
        specs = [SplitSpec(by="day", **both)] if main.kind == "random" else specs
        specs.append(SplitSpec(forward=description.time, **both))
    rules = (split_rule(spec, None, description, stratified) for spec in specs)
    return tuple(rule for rule in rules if rule.kind != main.kind)


def _like(main: SplitRule, spec: SplitSpec) -> SplitSpec:
    both = {"folds": main.folds, "seed": main.seed}
    return spec.model_copy(
        update={key: value for key, value in both.items() if key not in spec.model_fields_set}
    )


def block_rule(declared: Declared, split: SplitRule, description: Description) -> BlockRule:
    """Find what makes a block.

    By default what the split keeps together, else the day of the sample's rows, else each row.

    Raises
    ------
    ProjectError
        There is no such column, or it is of a type that does not fit.
    """
    name, where = declared.experiment.blocks, declared.yaml.where("blocks")
    if name is None:
        return _default_blocks(split, description)
    if name in _ROWS and description.find(name) is None:
        return BlockRule(None, None, where)
    unit = next((unit for unit in _UNITS if unit == name), None)
    if unit and (description.time is not None or description.find(name) is None):
        return BlockRule(_time(None, unit, where, description).name, unit, where)
    column = _found(name, where, description)
    if is_nested(column.type):
        raise _unfit(column, where, "so it makes no blocks", "make a text of it")
    if has_hours(column.type):
        raise _unfit(
            column,
            where,
            "and nearly each time would be a block",
            f"write `blocks: day` if it is the sample's own time (`{description.time}`), or cut "
            "it to the day in the sample view",
        )
    return BlockRule(column.name, None, where)


def _default_blocks(split: SplitRule, description: Description) -> BlockRule:
    keeps = split.kind in ("group", "by") or (split.kind == "forward" and split.unit)
    if keeps:
        return BlockRule(split.column, split.unit, split.where)
    time = description.find(description.time or "")
    if time is not None and has_days(time.type):
        return BlockRule(time.name, "day", split.where)
    return BlockRule(None, None, split.where)


def _time(of: str | None, unit: Unit, where: Location | None, description: Description) -> Column:
    """Find the time whose units keep rows together: by default that of the sample's rows."""
    if of is None and description.time is None:
        raise ProjectError(
            f"the rows of {description.sample} have no time, of which to take the {unit}",
            where,
            "name a column with `of:`, or write `available_at:` in the sample's header",
        )
    column = _found(of or description.time or "", where, description)
    if not has_days(column.type):
        raise _unfit(column, where, f"which has no {unit}s", "name a date or a time")
    if unit == "hour" and not has_hours(column.type):
        raise _unfit(column, where, "which has no hours", "name a time, or write `by: day`")
    return column


def _found(name: str, where: Location | None, description: Description) -> Column:
    column = description.find(name)
    if column is None:
        raise ProjectError(
            f"the dataset has no column `{name}`",
            where,
            closest(name, [c.name for c in description.columns]),
        )
    return column


def _unfit(column: Column, where: Location | None, why: str, hint: str) -> ProjectError:
    return ProjectError(f"`{column.name}` is of type {short(column.type)}, {why}", where, hint)
