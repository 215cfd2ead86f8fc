"""Splits: every row is predicted once, by a model that saw nothing that belongs to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.errors import ExperimentError, Location
from analysis.experiments.declared.experiment import Unit
from analysis.experiments.splits.folds import Split, split_rows
from analysis.experiments.splits.rule import SplitKind, SplitRule

HERE = Location("data/experiments/late.yml", 6)
SEEDS = st.integers(0, 2**32 - 1)
FOLDS = st.integers(2, 6)


def rule(
    kind: SplitKind,
    *,
    unit: Unit | None = None,
    folds: int = 5,
    seed: int = 1,
    stratified: bool = False,
) -> SplitRule:
    """Make a rule; all but random rows go by the column ``x``."""
    column = None if kind == "random" else "x"
    return SplitRule(kind, column, unit, folds, seed, stratified, HERE)


def series(values: Any) -> pd.Series[Any]:
    """Name values as the column that rules go by."""
    return pd.Series(values, name="x")


def times(seconds: Any) -> pd.Series[Any]:
    """Give times in January to March 2026."""
    return series(pd.Timestamp("2026-01-01") + pd.to_timedelta(seconds, unit="s"))


def check_whole(split: Split, rows: int, *, forward: bool = False) -> None:
    """See what holds of every split."""
    tested = np.zeros(rows, dtype=int)
    for number, (train, test) in enumerate(split.folds, start=1):
        assert len(train) and len(test) and not np.intersect1d(train, test).size
        assert np.array_equal(train, np.sort(train)) and np.array_equal(test, np.sort(test))
        assert np.array_equal(np.flatnonzero(split.number == number), test)
        tested[test] += 1
        if not forward:
            assert len(train) + len(test) == rows
    assert tested.max() == 1 and (forward or tested.min() == 1)


@given(rows=st.integers(10, 300), folds=FOLDS, seed=SEEDS)
def test_random_rows(rows: int, folds: int, seed: int) -> None:
    """Folds are of one size, and the same seed gives the same."""
    asked = rule("random", folds=folds, seed=seed)
    split = split_rows(asked, None, None, rows)
    check_whole(split, rows)
    sizes = [len(test) for _, test in split.folds]
    assert max(sizes) - min(sizes) <= 1
    again = split_rows(asked, None, None, rows)
    assert split.record == again.record and np.array_equal(split.number, again.number)


@given(data=st.data(), folds=FOLDS, seed=SEEDS)
def test_random_rows_of_classes(data: st.DataObject, folds: int, seed: int) -> None:
    """Each class is spread over the folds, as evenly as it can be; folds still are of one size."""
    drawn = data.draw(st.lists(st.integers(0, 3), max_size=200))
    target = np.array(data.draw(st.permutations([*[0] * 10, *[1] * 10, *drawn])))
    asked = rule("random", folds=folds, seed=seed, stratified=True)
    split = split_rows(asked, None, target, len(target))
    check_whole(split, len(target))
    counts = np.array([np.bincount(target[test], minlength=4) for _, test in split.folds])
    assert (counts.max(axis=0) - counts.min(axis=0)).max() <= 1
    assert np.ptp(counts.sum(axis=1)) <= 1


@given(
    groups=st.lists(st.integers(0, 40), min_size=30, max_size=300),
    folds=FOLDS,
    seed=SEEDS,
    stratified=st.booleans(),
)
def test_groups(groups: list[int], folds: int, seed: int, stratified: bool) -> None:
    """No group is in two folds, and which fold it is in does not depend on the order of rows."""
    assume(len(set(groups)) >= folds)
    values = np.array(groups)
    target = np.arange(len(values)) % 2
    asked = rule("group", folds=folds, seed=seed, stratified=stratified)
    try:
        split = split_rows(asked, series(values.astype(str)), target, len(values))
    except ExperimentError as error:
        assert "are of one class" in error.what
        return
    check_whole(split, len(values))
    of_group = pd.Series(split.number).groupby(values).nunique()
    assert of_group.max() == 1
    order = np.random.default_rng(seed).permutation(len(values))
    other = split_rows(asked, series(values[order].astype(str)), target[order], len(values))
    assert np.array_equal(other.number, split.number[order])


def test_groups_are_balanced() -> None:
    """Large and small groups, common and rare classes are dealt so that folds are alike."""
    chance = np.random.default_rng(3)
    sizes = np.r_[[3000, 2500, 2000], chance.integers(1, 200, 400)]
    groups = np.repeat(np.arange(len(sizes)), sizes)
    rare = chance.random(len(groups)) < np.repeat(chance.beta(1, 20, len(sizes)), sizes)
    asked = rule("group", stratified=True)
    split = split_rows(asked, series(groups), rare.astype(np.int64), len(groups))
    shares = np.array([len(test) for _, test in split.folds]) / len(groups)
    rates = np.array([rare[test].mean() for _, test in split.folds])
    assert np.ptp(shares) < 0.01 and np.ptp(rates) < 0.1 * rare.mean()


def test_other_seeds_give_other_groups() -> None:
    """Also where every group has a size of its own."""
    groups = np.repeat(np.arange(60), np.arange(100, 160))
    found = {
        split_rows(rule("group", seed=seed), series(groups), None, len(groups)).record.digest
        for seed in range(10)
    }
    assert len(found) == 10


@pytest.mark.parametrize(
    ("unit", "key"),
    [("hour", "%Y-%m-%d %H"), ("day", "%Y-%m-%d"), ("week", "%G-%V"), ("month", "%Y-%m")],
)
def test_units_of_time(unit: Unit, key: str) -> None:
    """All rows of an hour, a day, a week from Monday, a month are in one fold."""
    found = times(np.random.default_rng(0).integers(0, 89 * 86400, 4000))
    split = split_rows(rule("by", unit=unit, folds=3), found, None, 4000)
    check_whole(split, 4000)
    assert pd.Series(split.number).groupby(found.dt.strftime(key)).nunique().max() == 1


@pytest.mark.parametrize("unit", ["day", "week", "month", "year", "hour"])
def test_units_of_all_kinds_of_times(unit: Unit) -> None:
    """Dates, times with a zone and times in other units are cut alike, in UTC."""
    day = pd.date_range("2020-01-01", "2025-12-31", freq="D")
    plain = series(day)
    digests = {
        split_rows(rule("by", unit=unit), values, None, len(day)).record.digest
        for values in (
            plain,
            plain.astype("datetime64[s]"),
            plain.astype("datetime64[us]"),
            plain.dt.tz_localize("UTC"),
            plain.dt.tz_localize("UTC").dt.tz_convert("America/New_York"),
            series(day.date).astype("datetime64[s]"),
        )
    }
    assert len(digests) == 1


@given(values=st.lists(st.integers(0, 30), min_size=20, max_size=200), folds=FOLDS, seed=SEEDS)
def test_forward(values: list[int], folds: int, seed: int) -> None:
    """A fold is trained on all that comes before what it predicts, and on nothing else."""
    assume(len(set(values)) > folds)
    found = np.array(values)
    split = split_rows(rule("forward", folds=folds, seed=seed), series(found), None, len(found))
    check_whole(split, len(found), forward=True)
    for train, test in split.folds:
        assert found[train].max() < found[test].min()
        assert np.array_equal(train, np.flatnonzero(found < found[test].min()))
    assert split.folds[-1][1].size + split.folds[-1][0].size == len(found)


def test_forward_in_time_cuts_between_days() -> None:
    """No day is in two parts, and the parts have about as many rows."""
    found = times(np.sort(np.random.default_rng(0).integers(0, 60 * 86400, 6000)))
    split = split_rows(rule("forward", unit="day"), found, None, 6000)
    check_whole(split, 6000, forward=True)
    assert pd.Series(split.number).groupby(found.dt.date).nunique().max() == 1
    assert all(abs(len(test) - 1000) < 110 for _, test in split.folds)


def test_forward_through_values_of_very_different_sizes() -> None:
    """Each part has one value at least, however many rows one of them has."""
    found = np.r_[np.zeros(1000), np.arange(1, 6)]
    split = split_rows(rule("forward"), series(found), None, len(found))
    assert [len(test) for _, test in split.folds] == [1, 1, 1, 1, 1]
    turned = split_rows(rule("forward"), series(-found), None, len(found))
    assert [len(test) for _, test in turned.folds] == [1, 1, 1, 1, 1000]


def test_numbers_go_forward_as_numbers() -> None:
    """Nine comes before ten."""
    found = np.arange(12)
    split = split_rows(rule("forward"), series(found), None, 12)
    assert [*split.number] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_digests_tell_splits_apart() -> None:
    """By the rows, by the way, by the number of folds; not by what led there."""
    found = np.arange(12)

    def digest(asked: SplitRule, data: str = "") -> str:
        column = None if asked.kind == "random" else series(found)
        return split_rows(asked, column, None, 12, data).record.digest

    same = [digest(rule("forward")), digest(rule("forward", seed=9))]
    others = [
        digest(rule("forward"), "other rows"),
        digest(rule("forward", folds=4)),
        digest(rule("random")),
        digest(rule("random", seed=2)),
        digest(rule("group")),
    ]
    assert len({*same}) == 1 and len({*same, *others}) == 6


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        (rule("random"), "random, 5 folds"),
        (rule("group", folds=3), "group x, 3 folds"),
        (rule("by", unit="week"), "by week, 5 folds"),
        (rule("forward", unit="day"), "forward by x, 5 folds"),
    ],
)
def test_labels(asked: SplitRule, label: str) -> None:
    assert asked.label == label


FEW: list[tuple[SplitRule, Any, str, str]] = [
    (rule("random"), [1, 2, 3], "3 rows cannot be split into 5 parts", "fewer `folds`"),
    (rule("group"), list("aabbccdd"), "4 different values of `x` cannot be split into 5", "fewer"),
    (
        rule("forward"),
        list(range(5)),
        "5 different values of `x` cannot be split into 6",
        "one part",
    ),
    (
        rule("by", unit="month"),
        pd.date_range("2026-01-01", "2026-03-31"),
        "3 months in `x` cannot be split into 5 parts",
        "fewer",
    ),
    (rule("group"), ["a", None, "b", None], "`x` has no value in 2 of 4 rows", "fill it in"),
    (rule("forward"), [1.0, np.nan, 2.0], "`x` has no value in 1 of 3 rows", "fill it in"),
    (
        rule("by", unit="day"),
        pd.to_datetime(["2026-01-01", None]),
        "`x` has no value in 1 of 2 rows",
        "another column",
    ),
]


@pytest.mark.parametrize(("asked", "values", "what", "hint"), FEW)
def test_what_cannot_be_split(asked: SplitRule, values: Any, what: str, hint: str) -> None:
    column = None if asked.kind == "random" else series(values)
    with pytest.raises(ExperimentError) as caught:
        split_rows(asked, column, None, len(values))
    assert what in caught.value.what and caught.value.where == HERE
    assert hint in (caught.value.hint or "")


def test_a_fold_that_would_be_trained_on_one_class() -> None:
    """It is told which, and of how many rows."""
    with pytest.raises(ExperimentError) as caught:
        split_rows(rule("forward"), series(range(60)), np.repeat([0, 1], 30), 60)
    assert caught.value.what == "all 10 rows that fold 1 is trained on are of one class"
    one = np.r_[np.zeros(59, dtype=np.int64), 1]
    with pytest.raises(ExperimentError, match="are of one class"):
        split_rows(rule("random", stratified=True), None, one, 60)
