"""The calibration curve: what came true, and what was expected, in each bin of the score."""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.query import COUNTS, GROUP, ONLY_SCORE, counted, query
from analysis.monitoring.metrics.scope import Scope
from analysis.warehouse.monitored import SCORE
from analysis.warehouse.sql import literal


def curve(summed: str) -> Callable[[Scope], str]:
    """Give the query of the mean of what is ``summed``, by bin of the score."""

    def written(scope: Scope) -> str:
        bins = f"""
        select version, cell, bin from meta.bins
        where model = {literal(scope.model)} and field = {literal(SCORE)} and cell >= 0
        """
        told = f"""
        select {GROUP}, {literal(SCORE)} as "of", bin::varchar as part,
          sum({summed}) / nullif(sum(labelled), 0) as value, {COUNTS}
        from counted join bins using (version, cell)
        group by all
        """
        parts = counted(scope, ONLY_SCORE, ("cell",), (summed,), whole=False)
        return query({**parts, "bins": bins, "told": told})

    return written
