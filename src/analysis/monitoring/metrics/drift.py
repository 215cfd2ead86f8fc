"""How far the values of a field, or scores, are from those of a reference.

Bins are those of the version, cut on the rows that it was trained on; missing and unseen values,
and those that are absent or of another type, are bins of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.pairs import EACH, paired
from analysis.monitoring.metrics.query import query
from analysis.monitoring.metrics.scope import Scope
from analysis.warehouse.monitored import ABOVE, BELOW

NUMBERS = ("number", "integer", "probability")
CATEGORIES = ("category", "boolean")
# A share that is below this is taken to be this: the logarithm of nothing is infinite.
LEAST_SHARE = 0.0001
# By metric: the value from shares of bins now (`p`) and in the reference (`q`).
FORMULAS = {
    "psi": "sum((at_least_p - at_least_q) * ln(at_least_p / at_least_q))",
    "jensen_shannon": (
        "sqrt(abs(sum(\n    coalesce(p * log2(2 * nullif(p, 0) / (p + q)), 0 * q)\n"
        "    + coalesce(q * log2(2 * nullif(q, 0) / (p + q)), 0 * p)) / 2))"
    ),
    "chi2": "sqrt(sum(pow(p - q, 2) / nullif(p + q, 0)) / 2)",
    "linf": "max(abs(p - q))",
}
_TOLD = """
select periods.* exclude (rows, labelled), '' as part, value, rows, labelled
from periods left join distance on (
  periods.version = distance.version and periods.arm is not distinct from distance.arm
  and periods.begin is not distinct from distance.begin and periods."of" = distance."of"
)
"""


def of_bins(name: str, kinds: tuple[str, ...] = ()) -> Callable[[Scope], str]:
    """Give the query of a metric of ``FORMULAS``; with ``kinds`` of fields of these kinds only."""

    def written(scope: Scope) -> str:
        both = f"""
        select {EACH}, bin, sum(now) as now, sum(before) as before
        from paired
        group by all
        """
        shares = f"""
        select *,
          case when p < {LEAST_SHARE} then {LEAST_SHARE} else p end as at_least_p,
          case when q < {LEAST_SHARE} then {LEAST_SHARE} else q end as at_least_q
        from (
          select *,
            now / nullif(sum(now) over one_field, 0) as p,
            before / nullif(sum(before) over one_field, 0) as q
          from both_bins
          window one_field as (partition by {EACH})
        )
        """
        distance = f"select {EACH},\n  {FORMULAS[name]} as value\nfrom shares\ngroup by all"
        parts = {"both_bins": both, "shares": shares, "distance": distance}
        return query({**paired(scope, kinds), **parts, "told": _TOLD})

    return written


def wasserstein(scope: Scope) -> str:
    """Give the query of the Wasserstein distance.

    The rows of a cell are taken to lie at their mean, on each side its own. So it is off by no
    more than how far rows are from the means of their cells, on average, of both sides together.
    """
    points = f"""
    -- The rows of a cell lie at their mean.
    select {EACH}, value / nullif(now + before, 0) as middle, now, before
    from paired
    where value is not null and (cell >= 0 or cell in ({BELOW}, {ABOVE}))
    """
    steps = f"""
    select {EACH}, coalesce(lead(middle) over upwards - middle, 0) as gap,
      sum(now) over upwards / nullif(sum(now) over everything, 0) as p,
      sum(before) over upwards / nullif(sum(before) over everything, 0) as q
    from points
    window upwards as (partition by {EACH} order by middle),
      everything as (partition by {EACH})
    """
    distance = f"select {EACH}, sum(abs(p - q) * gap) as value from steps group by all"
    parts = {"points": points, "steps": steps, "distance": distance}
    return query({**paired(scope, NUMBERS), **parts, "told": _TOLD})
