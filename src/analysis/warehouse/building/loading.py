"""From a source to its table: read it, check it in one scan, and deal with what breaks rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from analysis.errors import Remark, SourceError
from analysis.warehouse.contracts import quarantine
from analysis.warehouse.contracts.bounds import freshness, row_bounds
from analysis.warehouse.contracts.casts import ROW, typed
from analysis.warehouse.contracts.expressions import check_expressions
from analysis.warehouse.contracts.judge import broken_lines, numbered, outcomes, refuse
from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.contracts.privacy import protected, set_salt
from analysis.warehouse.contracts.rules import Rule, rules_of
from analysis.warehouse.contracts.scan import Counts, scan
from analysis.warehouse.reading.columns import check_columns
from analysis.warehouse.reading.kinds import stage
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.sql import identifier


@dataclass(frozen=True)
class Loaded:
    """A source in the warehouse: its rows, those set aside, and what came of its contract.

    ``warnings`` are columns that were left out. ``in_place`` says that ``raw.<name>`` is a view on
    files, which stay where they are; ``explain`` finds the file at fault when reading it fails.
    """

    rows: int
    rejected: int
    outcomes: tuple[Outcome, ...]
    newest: datetime | None
    warnings: tuple[Remark, ...] = ()
    in_place: bool = False
    explain: Callable[[duckdb.Error], SourceError | None] = lambda _: None


def load(con: duckdb.DuckDBPyConnection, request: Request) -> Loaded:
    """Read a source into the new table ``raw.<name>``, columns in the order of the data.

    Raises
    ------
    SourceError
        The data are damaged, of another shape, without rows, or break the contract.
    """
    set_salt(con, request)
    check_expressions(con, request)
    staged = stage(con, request)
    try:
        warnings = check_columns(staged, request)
        rules = rules_of(request, staged)
        counts = scan(con, request, staged, rules)
        _check_not_empty(counts, staged)
        found = _judge(con, request, staged, rules, counts)
        rejected = _set_aside(con, request, staged, rules, found)
        in_place = staged.in_place and not rejected and not _is_protected(request)
        _create(con, request, staged, rejected=bool(rejected), in_place=in_place)
        rows = counts.rows + len(staged.broken) - rejected
        return Loaded(
            rows, rejected, found, counts.newest, warnings, in_place, explain=staged.explain
        )
    except duckdb.Error as problem:
        raise staged.explain(problem) or problem from None
    finally:
        for table in (quarantine.FLAGGED, staged.relation):
            if table.isidentifier():
                con.execute(f"drop table if exists temp.{table}")


def _check_not_empty(counts: Counts, staged: Staged) -> None:
    if not counts.rows and not staged.broken:
        raise SourceError(
            "there are column names, but no rows",
            staged.header,
            "get it again from where it came from; an empty source is not accepted",
        )


def _judge(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    staged: Staged,
    rules: tuple[Rule, ...],
    counts: Counts,
) -> tuple[Outcome, ...]:
    rows = counts.rows + len(staged.broken)
    found = (
        *outcomes(rules, counts),
        *broken_lines(staged.broken),
        *row_bounds(request.source, rows),
        *freshness(request.source, counts.newest, datetime.now(UTC)),
    )
    if any(o.policy == "fail" and not o.passed for o in found):
        raise refuse(con, request, staged, rules, found)
    return found


def _set_aside(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    staged: Staged,
    rules: tuple[Rule, ...],
    found: tuple[Outcome, ...],
) -> int:
    """Write the table of rejected rows, if the source may have some, and count them."""
    if not request.source.sets_aside:
        return 0
    broken = {o.name for o in found if o.policy == "quarantine" and not o.passed}
    breaking = [rule for rule in rules if rule.name in broken]
    flagged = quarantine.flag(con, request, staged, breaking)
    quarantine.set_aside(con, request, staged, staged.broken)
    return flagged + len(staged.broken)


def scan_in_place(con: duckdb.DuckDBPyConnection, request: Request) -> None:
    """Create ``raw.<name>`` once more as a view on files that were checked before."""
    _create(con, request, stage(con, request), rejected=False, in_place=True)


def _is_protected(request: Request) -> bool:
    return any(column.protect for column in request.source.columns.values())


def _create(
    con: duckdb.DuckDBPyConnection,
    request: Request,
    staged: Staged,
    *,
    rejected: bool,
    in_place: bool,
) -> None:
    declared = request.source.columns
    kept = [n for n in staged.columns if n in declared and declared[n].protect != "drop"]
    columns = ", ".join(f"{protected(identifier(n), declared[n])} as {identifier(n)}" for n in kept)
    rows = f"({numbered(request, staged)})" if rejected else f"({typed(request, staged)})"
    only = f" where {ROW} not in (select row from {quarantine.FLAGGED})"
    kind = "view" if in_place else "table"
    con.execute(
        f"create {kind} raw.{identifier(request.name)} as "
        f"select {columns} from {rows}{only if rejected else ''}"
    )
