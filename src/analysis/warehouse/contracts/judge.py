"""From counts to outcomes, and to the error that a broken contract is."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from analysis.errors import SourceError
from analysis.warehouse.contracts.casts import ROW, original, typed
from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.contracts.rules import Rule
from analysis.warehouse.contracts.scan import Counts
from analysis.warehouse.reading.csv_faults import shorten
from analysis.warehouse.reading.staged import Broken, Request, Staged


def outcomes(rules: Sequence[Rule], counts: Counts) -> tuple[Outcome, ...]:
    """Say what came of each rule."""
    return tuple(_outcome(rule, counts.broken[rule.name]) for rule in rules)


def _outcome(rule: Rule, count: int) -> Outcome:
    said = ""
    if count:
        columns = ", ".join(f"`{name}`" for name in rule.columns)
        rows = "1 row" if count == 1 else f"{count:,} rows"
        said = f"{columns} {rule.said}".strip() + f" in {rows}"
    return Outcome(rule.name, rule.kind, rule.columns, rule.policy, count, said)


def broken_lines(broken: Sequence[Broken]) -> tuple[Outcome, ...]:
    """Tell of lines that were set aside before any rule could look at them."""
    if not broken:
        return ()
    lines = "1 line" if len(broken) == 1 else f"{len(broken):,} lines"
    said = f"{lines} could not be split into columns, the first at {broken[0].file}"
    said += f":{broken[0].line}" if broken[0].line else ""
    return (Outcome("lines", "lines", (), "quarantine", len(broken), said),)


def refuse(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    staged: Staged,
    rules: Sequence[Rule],
    found: Sequence[Outcome],
) -> SourceError:
    """Make the error for the first rule that is broken and must not be."""
    failed = [outcome for outcome in found if not outcome.passed and outcome.policy == "fail"]
    first = failed[0]
    rule = next((r for r in rules if r.name == first.name), None)
    others = "; ".join(outcome.said for outcome in failed[1:5])
    more = f"; besides, {others}" if others else ""
    if rule is None:
        keys = ("contract", "fresh" if first.kind == "freshness" else "rows")
        return SourceError(
            f"the source `{request.name}` breaks its contract: {first.said}{more}",
            request.where(*keys),
            "get the data again, or correct the contract",
        )
    row, value = _first(con, request, staged, rule)
    where = staged.locate(row)
    if rule.kind == "type":
        return SourceError(
            f"{_shown(value, request, rule)} of column `{rule.columns[0]}` {rule.said}{more}",
            where,
            "correct the value, declare another type, or list the text under `missing`",
        )
    shown = f": {_shown(value, request, rule)}" if value else ""
    return SourceError(
        f"the source `{request.name}` breaks its contract: {first.said}; the first is here{shown}"
        + more,
        where,
        f"correct the data or the contract at {rule.where}, or set `on_violation`",
    )


def _shown(value: str | None, request: Request, rule: Rule) -> str:
    """Show a value, unless it tells of a person."""
    if any(request.source.columns[name].pii for name in rule.columns):
        return "a value (not shown: pii)"
    return f"the value `{shorten(str(value))}`"


def _first(
    con: duckdb.DuckDBPyConnection, request: Request, staged: Staged, rule: Rule
) -> tuple[int, str | None]:
    """Find the first row that breaks ``rule``: its number, and its values as they are."""
    rows = f"({numbered(request, staged)})"
    shown = ", ".join(_as_it_is(name, request, staged) for name in rule.columns)
    value = f"concat_ws(', ', {shown})" if shown else "null"
    query = f"select {ROW}, {value} from {rows} where {rule.broken} order by 1 limit 1"
    if rule.groups:
        query = f"select {ROW}, {value} from {rows} qualify {repeated(rule)} order by 1 limit 1"
    found = con.execute(query).fetchall()
    return found[0] if found else (0, None)


def numbered(request: Request, staged: Staged) -> str:
    """Select the rows with their types, as they were, and numbered from 0."""
    row = "row_number() over () - 1" if staged.scannable else "rowid"
    return typed(request, staged, originals=True, row=row)


def repeated(rule: Rule) -> str:
    """Write the window condition that rows before have the same values."""
    number = f"row_number() over (partition by {rule.grouping} order by {ROW})"
    return f"{rule.has_groups} and {number} > 1"


def _as_it_is(name: str, request: Request, staged: Staged) -> str:
    return f"{original(name, request.source.columns[name], staged)}::varchar"
