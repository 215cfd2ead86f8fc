"""Setting rows aside that break a contract: they are kept, with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from analysis.warehouse.contracts.casts import ROW, original
from analysis.warehouse.contracts.judge import numbered, repeated
from analysis.warehouse.contracts.privacy import protected
from analysis.warehouse.contracts.rules import Rule
from analysis.warehouse.declared.sources import rejected_table
from analysis.warehouse.reading.staged import Broken, Request, Staged
from analysis.warehouse.sql import identifier, literal

FLAGGED = "flagged"
# What stands behind the columns of the source, which are texts here.
OWN = {
    "_row": "Number of the row among those that could be split into columns, from 1",
    "_file": "File of a line that could not be split into columns",
    "_line": "Number of that line",
    "_text": "The line itself",
    "_reasons": "What is wrong with the row",
}


def flag(
    con: duckdb.DuckDBPyConnection, request: Request, staged: Staged, rules: Sequence[Rule]
) -> int:
    """Put the numbers of the rows that break one of ``rules`` into a table; count them."""
    if not rules:
        con.execute(f"create temp table {FLAGGED} (row bigint, reasons varchar[])")
        return 0
    rows = numbered(request, staged)
    breaks = [repeated(rule) if rule.groups else rule.broken for rule in rules]
    reasons = ", ".join(
        f"case when {broken} then {literal(_reason(rule))} end"
        for rule, broken in zip(rules, breaks, strict=True)
    )
    told = f"list_filter([{reasons}], lambda reason: reason is not null)"
    con.execute(
        f"create temp table {FLAGGED} as from (select {ROW} as row, {told} as reasons "
        f"from ({rows})) where len(reasons) > 0"
    )
    return int(con.execute(f"select count(*) from {FLAGGED}").fetchall()[0][0])


def _reason(rule: Rule) -> str:
    return f"{', '.join(rule.columns)} {rule.said}".strip()


def set_aside(
    con: duckdb.DuckDBPyConnection, request: Request, staged: Staged, broken: Sequence[Broken]
) -> None:
    """Write the flagged and the broken rows to ``raw.<name>__rejected``."""
    table = rejected_table(request.name)
    names = [n for n in staged.columns if n in request.source.columns]
    kept = [n for n in names if request.source.columns[n].protect != "drop"]
    values = ", ".join(_text(name, request, staged) for name in kept)
    con.execute(
        f"create table raw.{table} as select {values}, f.row + 1 as _row, "
        f"null::varchar as _file, null::bigint as _line, null::varchar as _text, "
        f"f.reasons as _reasons from ({numbered(request, staged)}) r "
        f"join {FLAGGED} f on r.{ROW} = f.row order by f.row"
    )
    nothing = ", ".join("null" for _ in kept)
    is_shown = not any(column.pii for column in request.source.columns.values())
    for row in broken:
        text = row.text if is_shown else None
        con.execute(
            f"insert into raw.{table} values ({nothing}, null, ?, ?, ?, ?)",
            [row.file, row.line, text, [row.why]],
        )


def _text(name: str, request: Request, staged: Staged) -> str:
    spec = request.source.columns[name]
    given = f"r.{original(name, spec, staged)}"
    return f"{protected(given, spec)}::varchar as {identifier(name)}"
