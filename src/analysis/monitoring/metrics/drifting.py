"""The metrics of drift: of what the model takes, and of its score, against a reference."""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.drift import CATEGORIES, LEAST_SHARE, of_bins, wasserstein
from analysis.monitoring.metrics.metric import ALL, Metric
from analysis.monitoring.metrics.scope import Scope

_BINS = "values to the bins of the version, tenths of the rows that it was trained on"


def _metric(
    name: str,
    title: str,
    what: str,
    source: str,
    query: Callable[[Scope], str],
    unit: str = "",
    rounded: str | None = _BINS,
) -> Metric:
    told = (name, title, what, unit, "zero", source, rounded, "drift", ALL, query)
    return Metric(*told, whole=False)  # type: ignore[arg-type]


DRIFT = (
    _metric(
        "psi",
        "PSI",
        "population stability index of bins against the reference; a share below "
        f"{LEAST_SHARE} counts as {LEAST_SHARE}",
        "Siddiqi 2006, Credit Risk Scorecards, chapter 8; it is the divergence of Jeffreys 1946",
        of_bins("psi"),
    ),
    _metric(
        "jensen_shannon",
        "Jensen-Shannon distance",
        "root of the divergence to base 2 between bins and those of the reference, from 0 to 1",
        "Lin 1991, IEEE Transactions on Information Theory 37(1), pp. 145-151; the root is "
        "a distance: Endres & Schindelin 2003, ibid. 49(7), pp. 1858-1860",
        of_bins("jensen_shannon"),
    ),
    _metric(
        "wasserstein",
        "Wasserstein distance",
        "how far values were moved on average, in the field's unit; values that are none are "
        "left out",
        "Vallender 1974, Theory of Probability and its Applications 18(4), pp. 784-786",
        wasserstein,
        "the field's",
        "values to the means of their cells, fiftieths of the rows that it was trained on",
    ),
    _metric(
        "chi2",
        "χ² (Cramér's V)",
        "Cramér's V of the shares of both, which weigh the same, so that it does not grow with "
        "the rows; from 0 to 1",
        "Cramér 1946, Mathematical Methods of Statistics, p. 282",
        of_bins("chi2", CATEGORIES),
        rounded=None,
    ),
    _metric(
        "linf",
        "Largest change of a share",
        "largest difference between the shares of a category now and in the reference",
        "Breck et al. 2019, Data Validation for Machine Learning, MLSys (L-infinity)",
        of_bins("linf", CATEGORIES),
        "share",
        rounded=None,
    ),
)
