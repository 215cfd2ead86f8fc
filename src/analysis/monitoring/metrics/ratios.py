"""Metrics that are quotients of sums over rows: exactly those of the rows, for any days."""

from __future__ import annotations

import re
from collections.abc import Callable

from analysis.monitoring.metrics.query import (
    COUNTS,
    GROUP,
    ONLY_ROWS,
    ROWS_AND_SEGMENTS,
    counted,
    query,
)
from analysis.monitoring.metrics.scope import Scope

# By metric: the quotient, of sums over cells of all rows or of a segment.
RATIOS = {
    "coverage": "sum(labelled) / nullif(sum(rows), 0)",
    "base_rate": "sum(label) / nullif(sum(labelled), 0)",
    "brier": "sum(brier) / nullif(sum(labelled), 0)",
    "log_loss": "sum(log_loss) / nullif(sum(labelled), 0)",
    "accuracy": "sum(correct) / nullif(sum(labelled), 0)",
    "recall": "sum(hits) / nullif(sum(label), 0)",
    "precision": "sum(hits) / nullif(sum(flagged), 0)",
    "observed_expected": "sum(label) / nullif(sum(expected), 0)",
    "mae": "sum(absolute) / nullif(sum(labelled), 0)",
    "rmse": "sqrt(sum(squared) / nullif(sum(labelled), 0))",
    "bias": "(sum(expected) - sum(label)) / nullif(sum(labelled), 0)",
}
_SUM = re.compile(r"sum\((\w+)\)")


def ratio(name: str, *, segments: bool = True) -> Callable[[Scope], str]:
    """Give the query of a quotient; with ``segments`` also for each part of each segment."""
    fields = ROWS_AND_SEGMENTS if segments else ONLY_ROWS
    names = set(_SUM.findall(RATIOS[name])) - {"rows", "labelled"}

    def written(scope: Scope) -> str:
        told = f"""
        select {GROUP}, field as "of", case when field = '' then '' else coalesce(text, '') end
            as part,
          {RATIOS[name]} as value, {COUNTS}
        from counted
        group by all
        """
        return query({**counted(scope, fields, ("field", "text"), sorted(names)), "told": told})

    return written
