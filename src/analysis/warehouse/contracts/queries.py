"""Rules that are queries without result: they may read any source, so they come last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.contracts.privacy import told
from analysis.warehouse.declared.contract import Check
from analysis.warehouse.declared.model import Policy
from analysis.warehouse.declared.sources import Sources

KIND = "no rows"


def check_queries(
    con: duckdb.DuckDBPyConnection, sources: Sources
) -> Mapping[str, tuple[Outcome, ...]]:
    """Run the queries of all sources, and give what came of them by source.

    Raises
    ------
    SourceError
        A query fails, or has rows although its policy is to fail.
    """
    return {name: tuple(_run(con, name, sources)) for name in sources.by_name}


def _run(con: duckdb.DuckDBPyConnection, name: str, sources: Sources) -> Iterator[Outcome]:
    source = sources.by_name[name]
    # A query may read any source, and so may what DuckDB says of it.
    is_personal = any(c.pii for s in sources.by_name.values() for c in s.columns.values())
    for index, check in enumerate(source.contract.checks):
        if check.no_rows is None:
            continue
        where = sources.where(name, "contract", "checks", index)
        with _explained(check, where, is_personal=is_personal):
            count = int(con.execute(f"select count(*) from ({check.no_rows})").fetchall()[0][0])
            example = con.execute(f"from ({check.no_rows}) limit 1").fetchall() if count else []
        stated = check.on_violation or source.on_violation
        # Which rows of the source are at fault, the query does not say.
        policy: Policy = "warn" if stated == "warn" else "fail"
        said = f"`{check.name}` has {count:,} row{'s' if count > 1 else ''}" if count else ""
        if count and policy == "fail":
            shown = ", ".join(str(value) for value in example[0][:8]) if example else ""
            raise SourceError(
                f"the source `{name}` breaks its contract: {said}"
                + (f"; the first is {shown}" if shown and not is_personal else ""),
                where,
                "correct the data or the check, or set its `on_violation: warn`",
            )
        yield Outcome(check.name, KIND, (), policy, count, said)


@contextmanager
def _explained(check: Check, where: Location, *, is_personal: bool) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        message = told(error, is_personal=is_personal)
        raise SourceError(f"`{check.name}` cannot be checked: {message}", where) from None
