"""Rates and means by group, with intervals that allow for groups of rows that go together.

Flights of one day share their weather, and visits of one patient share the patient. Rows are
therefore not independent, and an interval that counts them one by one is too narrow. Here each
cluster is one draw: the variance is that of the clusters' influence on the estimate (the
linearisation of a ratio estimator; Särndal, Swensson and Wretman, Model Assisted Survey
Sampling, 1992, chapter 5). The work is done in DuckDB; only the result comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.warehouse.connection import db

if TYPE_CHECKING:
    import pandas as pd

Z = 1.959963984540054  # the normal quantile of a 95 % interval
FEWEST_CLUSTERS = 5  # with fewer in a stratum, the spread between clusters cannot be seen


def rates(
    relation: str,
    outcome: str,
    by: str | Sequence[str],
    *,
    cluster: str,
    strata: Sequence[str] = (),
) -> pd.DataFrame:
    """Say for each group how often ``outcome`` is true, with a 95 % interval.

    Parameters
    ----------
    relation
        A table or view of the warehouse, one row an observation: ``features.visits``.
    outcome
        A Boolean column.
    by
        The column, or columns, that make the groups.
    cluster
        The column whose values are independent draws: a day, a patient.
    strata
        Columns to standardise over (direct standardisation): each group's rate is what it would
        be if its rows were spread over the strata as all rows of the relation are. Strata in
        which the group has fewer than five clusters are left out of its weights, and a group
        with no other strata is left out of the result; see ``coverage``.

    Returns
    -------
    pandas.DataFrame
        One row a group, ordered by ``by``: the columns of ``by``, ``n`` (rows used),
        ``rate``, ``low`` and ``high`` (from the logit scale; missing where the rate is 0 or 1),
        and ``coverage`` (the share of all rows that lies in the strata used for the group).
        Rows with a missing value in any of the columns are left out.
    """
    return _compare(relation, outcome, by, cluster, strata, "rate", _LOGIT)


def means(
    relation: str,
    value: str,
    by: str | Sequence[str],
    *,
    cluster: str,
    strata: Sequence[str] = (),
) -> pd.DataFrame:
    """Give for each group the mean of a numeric column, with a 95 % interval.

    As `rates`, with the column ``mean`` instead of ``rate``.
    """
    return _compare(relation, value, by, cluster, strata, "mean", _PLAIN)


_PLAIN = ("estimate - {z} * se", "estimate + {z} * se")
_FACTOR = "exp({z} * se / (estimate * (1 - estimate)))"
_LOGIT = (
    f"case when 0 < estimate and estimate < 1 then "
    f"estimate / (estimate + (1 - estimate) * {_FACTOR}) end",
    f"case when 0 < estimate and estimate < 1 then "
    f"estimate * {_FACTOR} / (1 - estimate + estimate * {_FACTOR}) end",
)

# Threads add in any order, so the last digits differ between runs: rounding takes them away, and
# adding 0 makes -0.0 into 0.0.
_QUERY = """
with observations as (
  select {by_columns}, {strata_columns}, {cluster} as unit, cast({value} as double) as value
  from {relation}
  where {complete}
),
cells as (
  select {by}, {strata}, unit, count(*) as n, sum(value) as total
  from observations group by all
),
everyone as (select {strata}, unit, sum(n) as n from cells group by all),
weights as (select {strata}, sum(n) as weight from everyone group by all),
groups as (
  select {by}, {strata}, sum(n) as n, sum(total) / sum(n) as mean, any_value(weight) as weight
  from cells join weights using ({strata}) group by all having count(*) >= {fewest}
),
estimates as (
  select
    {by},
    sum(n) as n,
    sum(weight) as covered,
    sum(weight * mean) / sum(weight) as estimate
  from groups group by all
),
influences as (
  select
    {by},
    unit,
    sum(
      groups.weight * coalesce(cells.total - groups.mean * cells.n, 0) / groups.n
      + everyone.n * (groups.mean - estimate)
    ) / any_value(covered) as influence
  from groups
  join estimates using ({by})
  join everyone using ({strata})
  left join cells using ({by}, {strata}, unit)
  group by all
),
errors as (
  select {by}, sqrt(sum(influence ** 2) * count(*) / nullif(count(*) - 1, 0)) as se
  from influences group by all
)
select
  {by_names},
  cast(n as bigint) as n,
  round(estimate, 9) + 0 as {name},
  round({low}, 9) + 0 as low,
  round({high}, 9) + 0 as high,
  covered / (select sum(weight) from weights) as coverage
from estimates join errors using ({by})
order by {by}
"""


def _compare(
    relation: str,
    value: str,
    by: str | Sequence[str],
    cluster: str,
    strata: Sequence[str],
    name: str,
    bounds: Sequence[str],
) -> pd.DataFrame:
    groups = [by] if isinstance(by, str) else list(by)
    # Neutral names inside the query keep columns called `n` or `mean` from clashing.
    by_names = [f"by_{index}" for index in range(len(groups))]
    strata_names = [f"stratum_{index}" for index in range(len(strata) or 1)]
    used = [*groups, *strata, cluster, value]
    low, high = (bound.format(z=Z) for bound in bounds)
    with db() as connection:
        return connection.execute(
            _QUERY.format(
                relation=".".join(_quote(part) for part in relation.split(".")),
                value=_quote(value),
                cluster=_quote(cluster),
                by_columns=_aliases(groups, by_names),
                strata_columns=_aliases(strata, strata_names) if strata else "0 as stratum_0",
                complete=" and ".join(f"{_quote(column)} is not null" for column in used),
                by=", ".join(by_names),
                strata=", ".join(strata_names),
                by_names=", ".join(
                    f"{alias} as {_quote(column)}"
                    for alias, column in zip(by_names, groups, strict=True)
                ),
                name=name,
                low=low,
                high=high,
                fewest=FEWEST_CLUSTERS if strata else 1,
            )
        ).df()


def _aliases(columns: Sequence[str], names: Sequence[str]) -> str:
    pairs = zip(columns, names, strict=True)
    return ", ".join(f"{_quote(column)} as {name}" for column, name in pairs)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
