"""What performance is to be expected from scores alone, before labels come.

If scores are calibrated, a row of score p is positive with probability p, so that the expected
table of confusion follows from scores: confidence-based performance estimation, Białek et al.
(2024), "Estimating Model Performance Under Covariate Shift Without Labels", section 3. Rows lie at
the mean score of their cell, a thousandth; a threshold within one puts all its rows on one side.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.query import COUNTS, GROUP, ONLY_SCORE, counted, query
from analysis.monitoring.metrics.ranks import AUC, EXPECTED, ranked
from analysis.monitoring.metrics.scope import Scope
from analysis.warehouse.sql import constant

# By metric: the value from cells of the rows; `p` is the mean score of one.
ESTIMATES = {
    "base_rate": "sum(score) / nullif(sum(rows), 0)",
    "accuracy": "sum(rows * (case when flagged then p else 1 - p end)) / nullif(sum(rows), 0)",
    "recall": "coalesce(sum(score) filter (flagged), 0) / nullif(sum(score), 0)",
    "precision": "sum(score) filter (flagged) / nullif(sum(rows) filter (flagged), 0)",
    "brier": "sum(rows * p * (1 - p)) / nullif(sum(rows), 0)",
    "log_loss": (
        "sum(rows * (coalesce(-p * ln(nullif(p, 0)), 0)\n"
        "    + coalesce(-(1 - p) * ln(nullif(1 - p, 0)), 0))) / nullif(sum(rows), 0)"
    ),
}


def estimate(name: str) -> Callable[[Scope], str]:
    """Give the query of what a metric is expected to be."""
    if name == "auc":
        return ranked(AUC, EXPECTED)

    def written(scope: Scope) -> str:
        scored = f"""
        select *, least(1, greatest(0, score / rows)) as p,
          p >= {constant(scope.threshold)} as flagged
        from counted
        where rows > 0 and isfinite(score)
        """
        told = (
            f"select {GROUP}, '' as \"of\", '' as part,\n"
            f"  {ESTIMATES[name]} as value,\n  {COUNTS}\nfrom scored\ngroup by all"
        )
        parts = counted(scope, ONLY_SCORE, ("cell",), ("score",))
        return query({**parts, "scored": scored, "told": told})

    return written
