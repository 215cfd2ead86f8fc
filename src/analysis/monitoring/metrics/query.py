"""The parts of which queries over counts by day are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent, indent

from analysis.monitoring.metrics.scope import SHADOW, Scope
from analysis.warehouse.monitored import LATENCY, REFUSED, ROWS, SCORE, SEGMENT
from analysis.warehouse.sql import literal

# Conditions on `field`.
ONLY_ROWS = f"field = {literal(ROWS)}"
ONLY_SCORE = f"field = {literal(SCORE)}"
ONLY_LATENCY = f"field = {literal(LATENCY)}"
ONLY_REFUSED = f"field = {literal(REFUSED)}"
ROWS_AND_REFUSED = f"field in ({literal(ROWS)}, {literal(REFUSED)})"
ROWS_AND_SEGMENTS = f"(field = {literal(ROWS)} or field like {literal(f'{SEGMENT}%')})"
# What the model takes.
INPUTS = f"field <> '' and field not like '@%' and field not like {literal(f'{SEGMENT}%')}"

# What every row of an answer is of, and the last columns of a part `told`.
GROUP = "version, arm, begin"
COUNTS = "sum(rows) as rows, sum(labelled) as labelled"


def query(parts: Mapping[str, str], *, recursive: bool = False) -> str:
    """Write a query of named parts; the last one, ``told``, has the columns of every metric.

    Infinite values and those that are no numbers are null.
    """
    named = ",\n".join(
        f"{name} as (\n{indent(dedent(body).strip(), '  ')}\n)" for name, body in parts.items()
    )
    return (
        f"with{' recursive' if recursive else ''} {named}\n"
        f'select {GROUP}, "of", part,\n'
        "  case when isfinite(value::double) then value::double end as value,\n"
        "  rows::bigint as rows, labelled::bigint as labelled\n"
        "from told\n"
        "order by all"
    )


def counted(
    scope: Scope, fields: str, by: Sequence[str], sums: Sequence[str], *, whole: bool = True
) -> dict[str, str]:
    """Write the part ``counted``: the sums by version, arm, period and the columns ``by``.

    With ``whole`` they are also there for all versions together, whose ``version`` is null.
    """
    added = [f"sum({name}) as {name}" for name in ("rows", "labelled", *sums)]
    columns = ["version", f"{scope.arm} as arm", f"{scope.begin} as begin", *by, *added]
    asked = f"select\n  {_listed(columns)}\nfrom meta.cells\nwhere {scope.where(fields)}"
    if scope.origin == "training" or not whole:
        return {"counted": f"{asked} and version is not null\ngroup by all"}
    everything = ["null as version", "null as arm", "begin", *by, *added]
    return {
        "asked": f"{asked}\ngroup by all",
        "counted": (
            "select * from asked where version is not null\nunion all\n"
            "-- All that was answered, whatever the version; shadows did not answer.\n"
            f"select\n  {_listed(everything)}\nfrom asked\n"
            f"where arm is distinct from {literal(SHADOW)}\ngroup by all"
        ),
    }


def _listed(columns: Sequence[str]) -> str:
    return ",\n  ".join(columns)
