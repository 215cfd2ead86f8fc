"""A decision tree as a ``CASE``.

A comparison with ``NULL`` is not true, so a missing value always goes to ``ELSE``: the test of a
node asks for the side where missing values do not go, which costs nothing. What is nested in
``ELSE`` is one more ``WHEN`` of the same ``CASE``, and in deep trees the larger part is put there:
so a ``CASE`` is nested no deeper than about ``SHALLOW`` plus the logarithm of the tree's size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlglot import exp

from analysis.models.sql.links import case, joined
from analysis.models.sql.term import Term, number

SHALLOW = 12


@dataclass(frozen=True)
class Threshold:
    """A split of numbers: up to ``value`` they go left."""

    term: Term
    value: float
    missing_left: bool

    def left(self) -> exp.Expr:
        """Say that a value is there, and goes left."""
        read = self.term.expression.copy()
        if math.isinf(self.value):
            return exp.Not(this=exp.Is(this=read, expression=exp.Null()))
        return exp.LTE(this=read, expression=number(self.value))

    def right(self) -> exp.Expr:
        """Say that a value is there, and goes right."""
        if math.isinf(self.value):
            return exp.EQ(this=number(0.0), expression=number(1.0))
        return exp.GT(this=self.term.expression.copy(), expression=number(self.value))


@dataclass(frozen=True)
class Members:
    """A split of codes: those of ``codes`` go left, the others below ``count`` go right."""

    term: Term
    codes: frozenset[int]
    count: int
    missing_left: bool

    def left(self) -> exp.Expr:
        """Say that a code is known, and goes left."""
        return self._among(self.codes)

    def right(self) -> exp.Expr:
        """Say that a code is known, and goes right."""
        return self._among(frozenset(range(self.count)) - self.codes)

    def _among(self, codes: frozenset[int]) -> exp.Expr:
        if not codes:
            return exp.EQ(this=number(0.0), expression=number(1.0))
        return joined(exp.Or, [self._within(*each) for each in runs(codes)])

    def _within(self, low: int, high: int) -> exp.Expr:
        read = self.term.expression.copy()
        if low == high:
            return exp.EQ(this=read, expression=number(float(low)))
        if low == 0:
            return exp.LTE(this=read, expression=number(float(high)))
        if high == self.count - 1:
            return exp.GTE(this=read, expression=number(float(low)))
        return exp.Between(this=read, low=number(float(low)), high=number(float(high)))


Split = Threshold | Members


@dataclass(frozen=True)
class Tree:
    """A tree by node: what it asks, or ``None`` in a leaf; its children come after it."""

    splits: Sequence[Split | None]
    left: Sequence[int]
    right: Sequence[int]

    @property
    def leaves(self) -> int:
        """Count the leaves."""
        return sum(split is None for split in self.splits)

    def written(self, values: Sequence[float]) -> exp.Expr:
        """Write what the leaf that a row comes to has in ``values``, which are by node."""
        sizes, heights = [1] * len(self.splits), [0] * len(self.splits)
        made: list[Any] = list(values)  # a number where all leaves below are the same
        for node in reversed(range(len(self.splits))):
            split = self.splits[node]
            if split is None:
                continue
            left, right = self.left[node], self.right[node]
            same = isinstance(made[left], float) and made[left] == made[right]
            if same or (math.isinf(_value(split)) and split.missing_left):
                made[node], sizes[node], heights[node] = made[left], sizes[left], heights[left]
                continue
            then, other = (right, left) if split.missing_left else (left, right)
            test = split.right() if split.missing_left else split.left()
            if heights[then] > SHALLOW and sizes[then] > sizes[other]:
                then, other = other, then
                test = _or_missing(split, split.left() if split.missing_left else split.right())
            made[node] = _chosen(test, _expression(made[then]), _expression(made[other]))
            sizes[node] = sizes[left] + sizes[right]
            heights[node] = max(heights[then] + 1, heights[other])
            made[left] = made[right] = None
        return _expression(made[0])


def runs(codes: frozenset[int]) -> list[tuple[int, int]]:
    """Give the ranges without a gap that numbers form."""
    found: list[tuple[int, int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def double_threshold(threshold: float) -> float:
    """Give the largest double that is at most ``threshold`` once it is rounded to a float32.

    Trees read their input as float32. A double between two of these becomes the nearer one, of
    two that are as near the one with an even last bit. So a comparison of doubles does the same.
    """
    if math.isinf(threshold):
        return threshold
    below = np.float32(threshold)
    if float(below) > threshold:
        below = np.nextafter(below, np.float32(-np.inf))
    above = np.nextafter(below, np.float32(np.inf))
    if np.isinf(above):
        return math.nextafter(FLOAT32_LIMIT, 0.0)
    middle = (float(below) + float(above)) / 2
    even = not int(below.view(np.uint32)) & 1
    return middle if even else math.nextafter(middle, -math.inf)


# From here on a double is infinite as a float32: half a step beyond the largest.
FLOAT32_LIMIT = float(np.finfo(np.float32).max) + 2.0**103


def _value(split: Split) -> float:
    return split.value if isinstance(split, Threshold) else 0.0


def _or_missing(split: Split, test: exp.Expr) -> exp.Expr:
    if not split.term.nullable:
        return test
    missing = exp.Is(this=split.term.expression.copy(), expression=exp.Null())
    return joined(exp.Or, [test, missing])


def _chosen(test: exp.Expr, then: exp.Expr, other: exp.Expr) -> exp.Expr:
    if not isinstance(other, exp.Case):
        return case(test, then, other)
    other.set("ifs", [exp.If(this=test, true=then), *other.args["ifs"]])
    return other


def _expression(made: Any) -> exp.Expr:
    return number(made) if isinstance(made, float) else made
