"""How well scores put rows in order, from counts of rows by cell of the score.

Rows in one cell, a thousandth of probability, count as ties. So an AUC is off by no more than half
the share of pairs of a positive and a negative row that are in one cell: sum(p n) / (2 P N) over
cells. Of rows whose scores are rounded down to thousandths all values are exact.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.query import GROUP, ONLY_SCORE, counted, query
from analysis.monitoring.metrics.scope import Scope

# The value, by how many rows of each class lie at a score and above it. `positive` and `negative`
# may be expected numbers. Sums of a window reach from the highest score down to the cell.
AUC = "sum(negative * (above - positive / 2.0)) / nullif(sum(positive)::double * sum(negative), 0)"
AVERAGE_PRECISION = "sum(positive * above / nullif(above + below, 0)) / nullif(sum(positive), 0)"
# Rows without a score are in no order.
REAL = ("case when cell >= 0 then label end", "case when cell >= 0 then labelled - label end")
EXPECTED = ("score", "rows - score")


def ranked(value: str, classes: tuple[str, str]) -> Callable[[Scope], str]:
    """Give the query of a value of ranks.

    ``classes`` say how many rows of a cell are positive and negative.
    """
    positive, negative = classes

    def written(scope: Scope) -> str:
        ordered = f"""
        -- How many of each class have this score, and how many have it or a higher one.
        select {GROUP}, rows, labelled,
          {positive} as positive, {negative} as negative,
          sum({positive}) over higher as above, sum({negative}) over higher as below
        from counted
        window higher as (partition by {GROUP} order by cell desc)
        """
        told = f"""
        select {GROUP}, '' as "of", '' as part,
          {value} as value,
          sum(rows) as rows, sum(labelled) as labelled
        from ordered
        group by all
        """
        sums = ("score",) if classes is EXPECTED else ("label",)
        parts = counted(scope, ONLY_SCORE, ("cell",), sums)
        return query({**parts, "ordered": ordered, "told": told})

    return written
