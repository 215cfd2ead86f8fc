"""Cells of each period beside those of the reference that it is compared with."""

from __future__ import annotations

from analysis.monitoring.metrics.query import COUNTS, GROUP, counted
from analysis.monitoring.metrics.scope import Scope
from analysis.warehouse.monitored import LATENCY, NULL, SCORE
from analysis.warehouse.sql import literal

# What one distance is of.
EACH = f'{GROUP}, "of"'
# Scores are summed in a column of their own.
_NAMED = "(version, field) in (select version, field from named)"
_VALUE = "coalesce(value, case when field like '@%' then score end)"
_LATER = {"day": "1 day", "week": "7 days", "month": "1 month", "quarter": "3 months"}


def paired(scope: Scope, kinds: tuple[str, ...]) -> dict[str, str]:
    """Write the parts that end in ``paired``: the cells of both, one side's rows on each row.

    ``periods`` are what is to be told of: fields of these ``kinds``, or all if there are none.
    """
    only = f" and kind in ({', '.join(literal(kind) for kind in kinds)})" if kinds else ""
    same = "" if scope.reference == "training" else " and reference.begin = periods.begin"
    return {
        "named": f"""
        select version, field, cell, bin from meta.bins
        where model = {literal(scope.model)} and field <> {literal(LATENCY)}{only}
        """,
        **counted(scope, _NAMED, ("field", "cell"), ("value", "score"), whole=False),
        "periods": f"""
        select {GROUP}, field as "of", {COUNTS}
        from counted
        group by all
        """,
        "reference": _reference(scope),
        "paired": f"""
        select {GROUP}, field as "of", cell, bin,
          rows as now, 0 as before, {_VALUE} as value
        from counted join named using (version, field, cell)
        union all
        select periods.* exclude (rows, labelled), cell, bin,
          0 as now, reference.rows as before, reference.value
        from periods join reference on (
          reference.version = periods.version and reference.field = periods."of"{same}
        )
        """,
    }


def _reference(scope: Scope) -> str:
    """Write the part ``reference``: the rows that a version was trained on, or those of a time.

    Before, and a year before, a version may have been in training or in production; both count.
    """
    begin, origin = "null::date", " and origin = 'training'"
    if scope.reference != "training":
        begin = f"({scope.begin} + interval {literal(_later(scope))})::date"
        origin = ""
    return f"""
    select version, {begin} as begin, field, cell, bin,
      sum(rows) as rows, sum({_VALUE}) as value
    from meta.cells join named using (version, field, cell)
    where model = {literal(scope.model)}{origin}
      -- What is not known of rows is no score to compare with.
      and not (field = {literal(SCORE)} and cell = {NULL})
    group by all
    """


def _later(scope: Scope) -> str:
    if scope.reference == "previous":
        return _LATER[scope.period]
    # Weeks begin on Mondays, years do not.
    return "364 days" if scope.period == "week" else "1 year"
