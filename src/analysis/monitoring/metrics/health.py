"""What the log itself tells: how much was asked, refused and missing, and how fast it went."""

from __future__ import annotations

from collections.abc import Callable

from analysis.monitoring.metrics.query import (
    COUNTS,
    GROUP,
    INPUTS,
    ONLY_LATENCY,
    ONLY_REFUSED,
    ONLY_ROWS,
    ROWS_AND_REFUSED,
    counted,
    query,
)
from analysis.monitoring.metrics.scope import Scope
from analysis.warehouse import monitored
from analysis.warehouse.sql import literal

# Cells of the latency are twentieths of a power of ten of milliseconds.
LATENCY_STEPS = 20.0
_NO_PART = "'' as \"of\", '' as part"


def volume(scope: Scope) -> str:
    """Count predictions."""
    told = f"select {GROUP}, {_NO_PART}, sum(rows) as value, {COUNTS} from counted group by all"
    return query({**counted(scope, ONLY_ROWS, (), ()), "told": told})


_REFUSED = f"sum(rows) filter ({ONLY_REFUSED})"
_ANSWERED = f"sum(value) filter ({ONLY_ROWS})"
_REQUESTS = f"coalesce({_REFUSED}, 0) + coalesce({_ANSWERED}, 0)"


def requests(scope: Scope) -> str:
    """Count requests, answered or refused."""
    return _of_requests(scope, _REQUESTS)


def error_rate(scope: Scope) -> str:
    """Tell the share of requests that were refused."""
    return _of_requests(scope, f"coalesce({_REFUSED}, 0) / nullif({_REQUESTS}, 0)")


def _of_requests(scope: Scope, value: str) -> str:
    told = f"""
    select {GROUP}, {_NO_PART},
      {value} as value,
      coalesce(sum(rows) filter ({ONLY_ROWS}), 0) as rows,
      coalesce(sum(labelled) filter ({ONLY_ROWS}), 0) as labelled
    from counted
    group by all
    """
    return query({**counted(scope, ROWS_AND_REFUSED, ("field",), ("value",)), "told": told})


def errors(scope: Scope) -> str:
    """Count requests that were refused, by the kind of error."""
    told = f"""
    select {GROUP}, '' as "of", coalesce(text, '') as part,
      sum(rows) as value, sum(rows) as rows, 0 as labelled
    from counted
    group by all
    """
    return query({**counted(scope, ONLY_REFUSED, ("text",), ()), "told": told})


def latency(share: float) -> Callable[[Scope], str]:
    """Give the query of a quantile of the latency: the upper edge of the cell that it is in."""

    def written(scope: Scope) -> str:
        ordered = f"""
        select *,
          sum(rows) over (partition by {GROUP} order by cell) as until,
          sum(rows) over (partition by {GROUP}) as everything
        from counted
        """
        told = f"""
        -- The upper edge of the first cell with which the share is reached, in milliseconds.
        select {GROUP}, {_NO_PART},
          pow(10, (min(cell) filter (until >= {share} * everything) + 1) / {LATENCY_STEPS})
            as value,
          {COUNTS}
        from ordered
        group by all
        """
        parts = counted(scope, ONLY_LATENCY, ("cell",), ())
        return query({**parts, "ordered": ordered, "told": told})

    return written


def share_of(*cells: int, kinds: tuple[str, ...] = ()) -> Callable[[Scope], str]:
    """Give the query of the share of rows of each field that are in special cells.

    With ``kinds`` only fields of these kinds are told of.
    """
    told_kinds = ", ".join(literal(kind) for kind in kinds)

    def written(scope: Scope) -> str:
        known = f"(select version, field from meta.bins where model = {literal(scope.model)}"
        known += f" and kind in ({told_kinds}))" if kinds else ")"
        fields = f"{INPUTS} and (version, field) in {known}" if kinds else INPUTS
        inside = ", ".join(str(cell) for cell in cells)
        told = f"""
        select {GROUP}, field as "of", '' as part,
          coalesce(sum(rows) filter (cell in ({inside})), 0) / nullif(sum(rows), 0) as value,
          {COUNTS}
        from counted
        group by all
        """
        return query({**counted(scope, fields, ("field", "cell"), ()), "told": told})

    return written


nulls = share_of(monitored.NULL)
unseen = share_of(monitored.UNSEEN, kinds=("category",))
out_of_range = share_of(monitored.BELOW, monitored.ABOVE, kinds=("number", "integer"))
absent = share_of(monitored.ABSENT)
mistyped = share_of(monitored.MISTYPED)
