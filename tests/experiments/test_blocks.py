"""Blocks: rows that are drawn together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ExperimentError, Location
from analysis.experiments.splits.blocks import blocks_of
from analysis.experiments.splits.rule import BlockRule

HERE = Location("data/experiments/late.yml", 7)


def test_days() -> None:
    """Blocks are numbered in the order of days."""
    times = pd.Series(pd.to_datetime(["2026-01-03 10:00", "2026-01-01 23:59", "2026-01-03 00:00"]))
    found = blocks_of(BlockRule("t", "day"), times, 3)
    assert [*found.codes] == [1, 0, 1]
    assert (found.record.label, found.record.count) == ("day", 2)


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", "b"],
        pd.Categorical(["b", "a", "b"], categories=["c", "b", "a"]),
        [10, 9, 10],
        [True, False, True],
        [1.5, -1.5, 1.5],
    ],
)
def test_values_of_a_column(values: object) -> None:
    """Blocks are numbered in the order of the values, also of a category."""
    found = blocks_of(BlockRule("shop", None), pd.Series(values), 3)  # type: ignore[arg-type]
    assert [*found.codes] == [1, 0, 1]
    assert (found.record.label, found.record.count) == ("shop", 2)


def test_each_row() -> None:
    """Without a column, each row is drawn alone."""
    found = blocks_of(BlockRule(None, None), None, 4)
    assert [*found.codes] == [0, 1, 2, 3]
    assert (found.record.label, found.record.count) == ("row", 4)


def test_digests() -> None:
    """Runs whose rows are in the same blocks were drawn together."""
    shops = pd.Series(["a", "b", "b"])
    rule = BlockRule("shop", None)
    first = blocks_of(rule, shops, 3, "rows").record
    assert first == blocks_of(rule, pd.Series(pd.Categorical(shops)), 3, "rows").record
    others = [
        blocks_of(rule, shops, 3, "other rows").record,
        blocks_of(rule, pd.Series(["a", "a", "b"]), 3, "rows").record,
        blocks_of(BlockRule(None, None), None, 3, "rows").record,
    ]
    assert len({record.digest for record in [first, *others]}) == 4


def test_a_missing_value() -> None:
    """It is told, with the place of `blocks`."""
    rule = BlockRule("shop", None, HERE)
    with pytest.raises(ExperimentError, match="`shop` has no value in 1 of 2 rows") as caught:
        blocks_of(rule, pd.Series(["a", None], name="shop"), 2)
    assert caught.value.where == HERE
    assert np.array_equal(blocks_of(rule, pd.Series(["a", "b"]), 2).codes, [0, 1])
