"""Search spaces: the settings of parameters that a grid holds, or that are drawn by chance."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Place
from analysis.experiments.declared.experiment import CandidateSpec, Draws
from analysis.project.yamlfile import Keys

MOST = 500
# A draw that was there before is drawn again this often for each that is wanted.
_PATIENCE = 50
Setting = Mapping[str, Any]


def settings_of(name: str, spec: CandidateSpec, place: Place) -> Iterator[tuple[Setting, Keys]]:
    """Give each setting of a candidate, and the key below which its parameters are declared.

    Raises
    ------
    ProjectError
        The search space is wrong; with file and line.
    """
    if spec.grid is not None and spec.random is not None:
        raise ProjectError(
            f"the candidate `{name}` has a grid and a random search",
            place.at("random").where,
            "keep one of them, or make two candidates",
        )
    if spec.grid is not None:
        for setting in _grid(name, spec.grid, place.at("grid")):
            yield setting, ("grid",)
    elif spec.random is not None:
        for setting in _draws(name, spec.random, place.at("random")):
            yield setting, ("random", "space")
    else:
        yield {}, ()


def _grid(name: str, grid: Mapping[str, tuple[Any, ...]], place: Place) -> Iterator[Setting]:
    if not grid:
        raise ProjectError(f"the grid of `{name}` is empty", place.where, "name a parameter in it")
    for parameter, values in grid.items():
        _check_values(values, place.at(parameter))
    size = math.prod(len(values) for values in grid.values())
    if size > MOST:
        raise ProjectError(
            f"the grid of `{name}` has {size:,} settings, {MOST} are possible",
            place.where,
            "try fewer values, or draw some of them: `random: {draws: 50, space: ...}`",
        )
    for values in itertools.product(*grid.values()):
        yield dict(zip(grid, values, strict=True))


def _check_values(values: Any, place: Place) -> None:
    if not values:
        raise ProjectError("a parameter has no values", place.where, "list at least one")
    for index, value in enumerate(values):
        if any(_same(value, other) for other in values[:index]):
            raise ProjectError(
                f"the value {value} stands here twice", place.at(index).where, "keep one of them"
            )


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _draws(name: str, draws: Draws, place: Place) -> Iterator[Setting]:
    space = {key: _entry(value, place.at("space", key)) for key, value in draws.space.items()}
    chance = random.Random(draws.seed)  # not for secrets: the same seed gives the same draws
    seen: set[str] = set()
    for _ in range(draws.draws * _PATIENCE):
        setting = {key: draw(chance) for key, draw in space.items()}
        if repr(setting) not in seen:
            seen.add(repr(setting))
            yield setting
        if len(seen) == draws.draws:
            return
    raise ProjectError(
        f"the space of `{name}` gave {len(seen)} different settings, {draws.draws} are to be drawn",
        place.at("draws").where,
        "draw fewer, or use `grid:` to try them all",
    )


def _entry(value: Any, place: Place) -> Any:
    if isinstance(value, list | tuple):
        _check_values(value, place)
        return lambda chance: chance.choice(value)
    if not isinstance(value, Mapping):
        raise ProjectError(
            "this is no search space",
            place.where,
            "write a list of values, or `{from: 0.01, to: 1, log: true}`",
        )
    return _range(value, place)


def _range(value: Mapping[Any, Any], place: Place) -> Any:
    low, high, log, whole = _bounds(value, place)

    def draw(chance: random.Random) -> float | int:
        if whole and not log:
            return chance.randint(int(low), int(high))
        if whole:
            drawn = math.exp(chance.uniform(math.log(low), math.log(high + 1)))
            return min(int(high), max(int(low), int(drawn)))
        if log:
            drawn = math.exp(chance.uniform(math.log(low), math.log(high)))
        else:
            drawn = chance.uniform(low, high)
        return min(float(high), max(float(low), _readable(drawn, low, high)))

    return draw


def _readable(drawn: float, low: float, high: float) -> float:
    """Round a value, so that a person can read it and write it again; there stay 10,000 of them."""
    near = min(abs(drawn), high - low)
    return round(drawn, 3 - math.floor(math.log10(near))) if near else drawn


def _bounds(value: Mapping[Any, Any], place: Place) -> tuple[float, float, bool, bool]:
    for key in value:
        if key not in ("from", "to", "log", "whole"):
            raise ProjectError(
                f"unknown key `{key}`", place.at(key).where, "a range has from, to, log and whole"
            )
    low, high = _number(value, "from", place), _number(value, "to", place)
    log, whole = _flag(value, "log", place), _flag(value, "whole", place)
    if not low < high:
        raise ProjectError(
            f"the range from {low} to {high} is empty", place.where, "`from` is less than `to`"
        )
    if log and low <= 0:
        raise ProjectError(
            f"a range by the logarithm cannot begin at {low}",
            place.at("from").where,
            "begin above 0, or leave out `log`",
        )
    if whole and not (float(low).is_integer() and float(high).is_integer()):
        raise ProjectError(
            f"the range from {low} to {high} is of whole numbers",
            place.where,
            "write whole numbers, or leave out `whole`",
        )
    return low, high, log, whole


def _number(value: Mapping[Any, Any], key: str, place: Place) -> float:
    number = value.get(key)
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ProjectError(
            f"a range needs `{key}`, a number"
            + ("" if number is None else f", and not `{number}`"),
            place.at(key).where,
            "YAML takes 1e-3 for text: write 0.001 or 1.0e-3" if isinstance(number, str) else None,
        )
    return number


def _flag(value: Mapping[Any, Any], key: str, place: Place) -> bool:
    flag = value.get(key, False)
    if not isinstance(flag, bool):
        raise ProjectError(f"`{key}` is true or false, and not `{flag}`", place.at(key).where)
    return flag
