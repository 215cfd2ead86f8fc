"""All rules of a source in one scan: how many rows there are, and how many break each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from analysis.errors import SourceError
from analysis.warehouse.contracts.casts import is_cast, typed
from analysis.warehouse.contracts.privacy import told
from analysis.warehouse.contracts.rules import Rule
from analysis.warehouse.declared.types import INTEGERS, UNSIGNED
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.sql import identifier

# Whole numbers that lie this close together are told apart by one bit each.
BITS_PER_ROW = 64
HASH = "hash({})"


@dataclass(frozen=True)
class Counts:
    """What the scan found: ``broken`` by rule; ``newest`` is the latest value of the clock."""

    rows: int
    broken: Mapping[str, int]
    newest: datetime | None


def scan(
    con: duckdb.DuckDBPyConnection, request: Request, staged: Staged, rules: Sequence[Rule]
) -> Counts:
    """Count, in one query over the staged rows.

    Raises
    ------
    SourceError
        A rule cannot be computed.
    """
    counts = [_count(con, rule, request, staged) for rule in rules]
    time = request.source.time
    newest = f"{_newest(time, rules)}::timestamp" if time else "null"
    rows = f"({typed(request, staged, originals=True)})"
    select = ", ".join(("count(*)", newest, *counts))
    try:
        count, latest, *found = con.execute(f"select {select} from {rows}").fetchall()[0]
    except duckdb.Error as problem:
        raise staged.explain(problem) or _faulty(
            con, request, rows, rules, counts, problem
        ) from None
    broken = {rule.name: int(n or 0) for rule, n in zip(rules, found, strict=True)}
    for rule in rules:
        if len(rule.groups) > 1 and broken[rule.name]:
            broken[rule.name] = _repeated(con, rule, rows)
    # What lies outside of Python's years comes as a text; it is no time of anybody's clock.
    return Counts(count, broken, latest if isinstance(latest, datetime) else None)


def _newest(time: str, rules: Sequence[Rule]) -> str:
    """Write the latest value of the clock; a time that is set aside for itself does not count."""
    wrong = [r.broken for r in rules if r.columns == (time,) and r.policy == "quarantine"]
    found = " or ".join(f"({broken})" for broken in wrong if broken)
    only = f" filter (where not coalesce({found}, false))" if found else ""
    return f"max({identifier(time)}){only}"


def _count(con: duckdb.DuckDBPyConnection, rule: Rule, request: Request, staged: Staged) -> str:
    if not rule.groups:
        return f"count_if({rule.broken})"
    if len(rule.groups) > 1:
        # Different hashes are of different rows. Equal ones are looked at once more.
        hashed = HASH.format(rule.grouping)
        alike = f"count(distinct {hashed}) filter (where {rule.has_groups})"
    else:
        dense = _dense(con, rule.groups[0], request, staged)
        alike = dense or f"count(distinct {rule.grouping})"
    return f"count_if({rule.has_groups}) - {alike}"


def _repeated(con: duckdb.DuckDBPyConnection, rule: Rule, rows: str) -> int:
    """Count the rows that stand behind others with the same values."""
    alike = (
        f"select count(*) as n from {rows} where {rule.has_groups} "
        f"group by {rule.grouping} having n > 1"
    )
    found = con.execute(f"select coalesce(sum(n - 1), 0) from ({alike})").fetchall()
    return int(found[0][0])


def _dense(
    con: duckdb.DuckDBPyConnection, name: str, request: Request, staged: Staged
) -> str | None:
    """Count different whole numbers by their bits, where they lie close together."""
    spec = request.source.columns[name]
    is_whole = spec.type in INTEGERS or spec.type in UNSIGNED
    if not is_whole or spec.type == "HUGEINT" or is_cast(name, spec, staged):
        return None
    column = identifier(name)
    # Both ends and the number of rows are known without a scan.
    low, high, rows = con.execute(
        f"select min({column}), max({column}), count(*) from {staged.relation}"
    ).fetchall()[0]
    if low is None or high - low >= BITS_PER_ROW * rows:
        return None
    return f"coalesce(bit_count(bitstring_agg({column}, {low}, {high})), 0)"


def _faulty(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    rows: str,
    rules: Sequence[Rule],
    counts: Sequence[str],
    problem: duckdb.Error,
) -> SourceError:
    """Find the rule that cannot be computed."""
    is_personal = any(column.pii for column in request.source.columns.values())
    for rule, count in zip(rules, counts, strict=True):
        try:
            con.execute(f"select {count} from {rows}").fetchall()
        except duckdb.Error as error:
            message = told(error, is_personal=is_personal)
            return SourceError(f"`{rule.name}` cannot be checked: {message}", rule.where)
    message = told(problem, is_personal=is_personal)
    return SourceError(f"the contract cannot be checked: {message}", request.where("contract"))
