"""Logistic recalibration in SQL: Newton steps over counts of rows by cell of the score.

Cox (1958), "Two further applications of a model for binary regression", Biometrika 45, p. 562:
the odds of what comes true are those of the score, times a constant and to a power. The slope is
that power; the intercept is the constant (its logarithm) if the power is held at 1, as in
Van Calster et al. (2019). A cell's rows lie at their mean score, so both see scores to a
thousandth. Where no step settles, as if classes do not overlap, the value is null.
"""

from __future__ import annotations

from analysis.monitoring.metrics.query import COUNTS, GROUP, ONLY_SCORE, counted, query
from analysis.monitoring.metrics.scope import Scope

# Scores are kept this far off 0 and 1, whose logits are infinite; as in runs of experiments.
_EDGE = 1e-6
_STEPS = 40
_LONGEST = 3
_SETTLED = 1e-9

_NUMBERED = f"select *, dense_rank() over (order by {GROUP}) as each from counted"
_PERIODS = f"select each, {GROUP},\n  {COUNTS}\nfrom numbered\ngroup by all"
_PLACED = f"""
-- Cells with labels, at the logit of their mean score.
select each, labelled as weight, label as positive, ln(mean) - ln(1 - mean) as logit
from (
  select *, greatest({_EDGE}, least(1 - {_EDGE}, expected / labelled)) as mean
  from numbered
  where labelled > 0 and label is not null and isfinite(expected)
)
"""
_GROUPS = """
-- Those of which there is an answer, with what all their rows say.
select each,
  ln(nullif(sum(positive), 0)) - ln(nullif(sum(weight) - sum(positive), 0)) as odds,
  sum(weight * logit) / sum(weight) as middle,
  sqrt(greatest(0, sum(weight * logit * logit) / sum(weight) - pow(middle, 2))) as spread
from placed
group by each
having """
_BOTH = "sum(positive) > 0 and sum(positive) < sum(weight)"
# Neither class lies all on one side of the other, and logits are not all the same.
_OVERLAP = f"""{_BOTH}
  and min(logit) filter (positive > 0) < max(logit) filter (positive < weight)
  and min(logit) filter (positive < weight) < max(logit) filter (positive > 0)
  and max(logit) - min(logit) > 1e-9"""
# What both steps are made from: the slopes and the bends of the likelihood.
_SUMS = f"""(
    select each, step, a, b,
      sum(positive - weight * share) as g0, sum((positive - weight * share) * x) as g1,
      sum(weight * share * (1 - share)) as h00, sum(weight * share * (1 - share) * x) as h01,
      sum(weight * share * (1 - share) * x * x) as h11
    from (
      select *, 0.5 + 0.5 * tanh(0.5 * (a + b * x)) as share
      from newton join points using (each)
      where moved > {_SETTLED} and step < {_STEPS}
    )
    group by all
  )"""
_SLOPE = f"""
select each, 0 as step, odds as a, 0::double as b, 1::double as moved from groups
union all
select each, step + 1, a + shorter * da, b + shorter * db, moved
from (
  select *, h00 * h11 - h01 * h01 as bend,
    (h11 * g0 - h01 * g1) / nullif(bend, 0) as da,
    (h00 * g1 - h01 * g0) / nullif(bend, 0) as db,
    sqrt(da * da + db * db) as moved, {_LONGEST} / greatest({_LONGEST}, moved) as shorter
  from {_SUMS}
)
"""
_INTERCEPT = f"""
select each, 0 as step, odds - middle as a, 1::double as b, 1::double as moved from groups
union all
select each, step + 1, a + shorter * da, b, moved
from (
  select *, g0 / nullif(h00, 0) as da,
    abs(da) as moved, {_LONGEST} / greatest({_LONGEST}, moved) as shorter
  from {_SUMS}
)
"""


def slope(scope: Scope) -> str:
    """Give the query of the slope: of a regression on the logit, with an intercept."""
    return _written(
        scope, _OVERLAP, "(logit - middle) / nullif(spread, 0)", _SLOPE, "b / nullif(spread, 0)"
    )


def intercept(scope: Scope) -> str:
    """Give the query of the intercept: of a regression whose slope is held at 1."""
    return _written(scope, _BOTH, "logit", _INTERCEPT, "a")


def _written(scope: Scope, defined: str, x: str, newton: str, value: str) -> str:
    points = f"select each, weight, positive, {x} as x\nfrom placed join groups using (each)"
    fitted = f"""
    -- The last step of each, if it was a small one.
    select each, {value} as value
    from newton join groups using (each)
    where step > 0 and moved <= {_SETTLED}
    """
    told = f"""
    select {GROUP}, '' as "of", '' as part, value, rows, labelled
    from periods left join fitted using (each)
    """
    return query(
        {
            **counted(scope, ONLY_SCORE, ("cell",), ("expected", "label")),
            "numbered": _NUMBERED,
            "periods": _PERIODS,
            "placed": _PLACED,
            "groups": _GROUPS.rstrip("\n") + defined,
            "points": points,
            "newton": newton,
            "fitted": fitted,
            "told": told,
        },
        recursive=True,
    )
