"""Drift of inputs and scores, against scipy on the rows."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency, wasserstein_distance

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.estimating.drifts import DRIFTS
from tests.helpers.monitored import MODEL, Counted, ask, count, one, random_rows

TRAINING = random_rows(4000, seed=3, begin="2013-01-01", days=150, origin="training", arm=None)
NOW = random_rows(2500, seed=4, shift=2.0).assign(
    carrier=lambda rows: rows.carrier.replace({"UA": "WN"}), holiday=lambda rows: rows.wind > 15
)
COUNTED = count(pd.concat([TRAINING, NOW], ignore_index=True))
NUMERIC = ("psi", "jensen_shannon", "wasserstein")
SUFFICIENT = ("psi", "jensen_shannon", "chi2", "linf")


def of(reference: str) -> Monitor:
    """Give a monitor with a reference."""
    return Monitor(MODEL, reference=reference)  # type: ignore[arg-type]


def categories(rows: pd.DataFrame) -> np.ndarray:
    """Count carriers, those that were not in training, and none at all."""
    told = rows.carrier.fillna("none").value_counts()
    return told.reindex(["AA", "B6", "UA", "WN", "none"], fill_value=0).to_numpy(float)


def july() -> pd.DataFrame:
    """Give the rows of the first period."""
    return NOW[NOW.day.dt.month == 7]


def bins(origin: str, field: str) -> np.ndarray:
    """Add up the counts of training, or of July, by bins."""
    cells, own = COUNTED.cells, COUNTED.bins[COUNTED.bins.field == field]
    july_or_before = pd.to_datetime(cells.day).dt.month < 8
    kept = cells[(cells.field == field) & (cells.origin == origin) & july_or_before]
    told = own.set_index("cell").bin
    counts = kept.groupby(kept.cell.map(told)).rows.sum()
    return counts.reindex(sorted(set(told)), fill_value=0).to_numpy(float)


def psi(now: np.ndarray, before: np.ndarray) -> float:
    """Give the index as scorecards have it, with a least share."""
    p, q = (np.maximum(part / part.sum(), 1e-4) for part in (now, before))
    return float(np.sum((p - q) * np.log(p / q)))


def test_of_categories_as_scipy() -> None:
    """Unseen categories and missing values are bins of their own."""
    now, before = categories(july()), categories(TRAINING)
    p, q = now / now.sum(), before / before.sum()
    table = np.stack([p, q])[:, p + q > 0]
    want = {
        "psi": psi(now, before),
        "jensen_shannon": jensenshannon(p, q, base=2),
        "linf": np.abs(p - q).max(),
        "chi2": np.sqrt(chi2_contingency(table, correction=False).statistic / 2),
    }
    for name, value in want.items():
        assert one(ask(COUNTED, name), of="carrier") == pytest.approx(value), name


@pytest.mark.parametrize("field", ["wind", "@score"])
def test_of_numbers(field: str) -> None:
    """Of the bins, tenths of the training rows."""
    now, before = bins("production", field), bins("training", field)
    assert one(ask(COUNTED, "psi"), of=field) == pytest.approx(psi(now, before))
    want = jensenshannon(now, before, base=2)
    assert one(ask(COUNTED, "jensen_shannon"), of=field) == pytest.approx(want)


def test_scores_that_training_has_not() -> None:
    """Rows without a score are nothing to compare with; inputs are compared all the same."""
    counted = count(pd.concat([TRAINING, NOW], ignore_index=True))
    cells = counted.cells
    unknown = (cells.field == "@score") & (cells.origin == "training")
    cells.loc[unknown, "cell"] = -1
    counted.bins.loc[len(counted.bins)] = {
        **counted.bins[counted.bins.field == "@score"].iloc[0].to_dict(),
        "cell": -1,
        "bin": -1,
        "low": None,
        "high": None,
    }
    for name in ("psi", "jensen_shannon", "wasserstein"):
        told = ask(counted, name)
        assert told[told.of == "@score"].value.isna().all()
        assert told[told.of == "wind"].value.notna().all()


def test_wasserstein_as_scipy() -> None:
    """It is as near to that of the rows as rows are to the means of their cells."""
    now, before = july().wind.dropna(), TRAINING.wind.dropna()
    told = one(ask(COUNTED, "wasserstein"), of="wind")
    assert told == pytest.approx(wasserstein_distance(now, before), abs=0.05)
    assert 1.5 < told < 2.5
    scores = wasserstein_distance(july().score, TRAINING.score)
    assert one(ask(COUNTED, "wasserstein"), of="@score") == pytest.approx(scores, abs=1e-4)


def test_wasserstein_of_a_few_values_is_exact() -> None:
    """Each of them is a cell of its own."""
    rng = np.random.default_rng(7)
    training = TRAINING.assign(wind=rng.integers(0, 6, len(TRAINING)).astype(float))
    now = july().assign(wind=rng.integers(-2, 9, len(july())).astype(float))
    told = one(ask(count(pd.concat([training, now])), "wasserstein"), of="wind")
    inside = now.wind.where(now.wind >= 0, -1.5)  # Below the range all lie at their mean.
    assert told == pytest.approx(wasserstein_distance(now.wind, training.wind), abs=0.25)
    assert told == pytest.approx(wasserstein_distance(inside, training.wind), abs=0.1)


def test_of_categories_and_of_numbers() -> None:
    """A change of shares is told of categories, a distance of numbers."""
    assert set(ask(COUNTED, "linf").of) == {"carrier", "holiday"}
    assert set(ask(COUNTED, "chi2").of) == {"carrier", "holiday"}
    assert set(ask(COUNTED, "wasserstein").of) == {"wind", "@score"}
    assert set(ask(COUNTED, "psi").of) == {"wind", "@score", "carrier", "holiday"}


def test_a_floor_is_of_the_same_number() -> None:
    """What chance gives is drawn with formulas of numpy, which give the same values."""
    now, before = categories(july()), categories(TRAINING)
    for name in SUFFICIENT:
        want = DRIFTS[name](now, before)
        assert one(ask(COUNTED, name), of="carrier") == pytest.approx(float(want)), name


def test_against_the_period_before() -> None:
    """Neither training nor production has rows in June."""
    told = ask(COUNTED, "psi", of("previous"))
    assert np.isnan(one(told, of="carrier"))
    august = NOW[NOW.day.dt.month == 8]
    want = psi(categories(august), categories(july()))
    assert one(told, of="carrier", begin="2013-08-01") == pytest.approx(want)


def test_against_the_same_season() -> None:
    """The same month a year before may be one of training."""
    later = NOW.assign(day=NOW.day + pd.DateOffset(years=1))
    training = random_rows(3000, seed=9, begin="2013-07-01", days=31, origin="training", arm=None)
    counted = count(pd.concat([TRAINING, training, later], ignore_index=True))
    told = ask(counted, "psi", of("season"))
    want = psi(categories(july()), categories(training))
    assert one(told, of="carrier", begin="2014-07-01") == pytest.approx(want)
    assert np.isnan(one(told, of="carrier", begin="2014-08-01"))


def test_published_psi() -> None:
    """The example of GeeksforGeeks, "Population Stability Index": shares of three incomes."""
    counted = of_counts(np.array([35, 25, 40]), np.array([40, 30, 30]))
    assert one(ask(counted, "psi"), of="carrier") == pytest.approx(0.0446, abs=5e-5)


def of_counts(now: np.ndarray, before: np.ndarray) -> Counted:
    """Give counts of a category, by its values."""
    cells = [
        {"version": "v1", "origin": origin, "arm": arm, "field": "carrier", "cell": cell}
        | {"model": MODEL, "shadow": False, "day": day, "rows": int(rows), "labelled": 0}
        for origin, arm, day, counts in (
            ("production", "champion", pd.Timestamp("2013-07-03"), now),
            ("training", None, pd.Timestamp("2013-02-03"), before),
        )
        for cell, rows in enumerate(counts)
    ]
    bins = [
        {"version": "v1", "field": "carrier", "kind": "category", "cell": cell, "bin": cell}
        | {"model": MODEL, "text": str(cell)}
        for cell in range(len(now))
    ]
    empty = Counted(COUNTED.cells.iloc[:0], COUNTED.bins.iloc[:0])
    return Counted(
        pd.DataFrame(cells).reindex(columns=empty.cells.columns),
        pd.DataFrame(bins).reindex(columns=empty.bins.columns),
    )


@pytest.mark.parametrize("name", ["psi", "jensen_shannon", "wasserstein"])
def test_odd_columns(name: str) -> None:
    """A constant column does not drift; one without values and one with infinite ones do not fail.

    Numbers that are missing on both sides are the same; the distance of nothing is null.
    """
    both = pd.concat([TRAINING, july()], ignore_index=True)
    assert one(ask(count(both.assign(wind=4.0)), name), of="wind") == 0
    nothing = one(ask(count(both.assign(wind=np.nan)), name), of="wind")
    assert np.isnan(nothing) if name == "wasserstein" else nothing == 0
    infinite = july().assign(wind=np.where(np.arange(len(july())) % 7, july().wind, np.inf))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        told = one(ask(count(pd.concat([TRAINING, infinite])), name), of="wind")
    assert np.isnan(told) if name == "wasserstein" else told > 0


@pytest.mark.parametrize("name", ["psi", "jensen_shannon", "wasserstein", "linf", "chi2"])
def test_without_a_reference(name: str) -> None:
    """Nothing to compare with: null, with the rows."""
    told = ask(count(NOW), name)
    assert len(told)
    assert told.value.isna().all()
    assert (told.rows > 0).all()
