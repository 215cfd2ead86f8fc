"""``meta.profiles``: what the values of sources and materialized views look like."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb

from analysis.files import digest
from analysis.warehouse.profiling.profile import Profile, profile

# Raised when the same rows would give another profile than before.
FORMAT = 1
PROFILES = "meta.profiles"

# Beyond what a histogram draws lie `below` and `above`. `sampled` is how many rows were looked at
# where it was not all of them. `key` says of which content the profile is.
_COLUMNS = {
    "relation": "varchar",
    "column": "varchar",
    "rows": "bigint",
    "missing": "bigint",
    "distinct": "bigint",
    "minimum": "varchar",
    "maximum": "varchar",
    "mean": "double",
    "examples": "varchar[]",
    "histogram": "struct(low double, high double, n bigint)[]",
    "below": "bigint",
    "above": "bigint",
    "frequencies": "struct(value varchar, n bigint)[]",
    "sampled": "bigint",
    "key": "varchar",
}
_TABLE = ", ".join(f'"{name}" {kind}' for name, kind in _COLUMNS.items())


# Columns that tell of people are told by the dictionary, also those of views.
_WANTED = """
select
  r.name, r.fingerprint,
  list(c.name order by c.name) filter (c.pii)
from meta.relations r
join meta.columns c on c.schema = r.schema and c.relation = r.relation
where r.kind = 'source' or r.materialized
group by all order by all
"""


@dataclass(frozen=True)
class _Wanted:
    """A relation to be profiled, and its columns of which no value may be told."""

    name: str
    fingerprint: str
    hidden: tuple[str, ...]

    @property
    def key(self) -> str:
        return digest(repr((FORMAT, self.fingerprint, self.hidden)).encode())[:12]


def write_profiles(con: duckdb.DuckDBPyConnection) -> None:
    """Profile the sources and the materialized views that ``meta.relations`` lists.

    Those whose content is that of the old warehouse are taken over.
    """
    con.execute(f"create table meta.profiles ({_TABLE})")
    con.execute("set threads = 1")
    for name, fingerprint, hidden in con.execute(_WANTED).fetchall():
        wanted = _Wanted(name, fingerprint, tuple(hidden or ()))
        if not _take_over(con, wanted):
            _insert(con, wanted, profile(con, name, set(wanted.hidden)))
    con.execute("reset threads")


def _take_over(con: duckdb.DuckDBPyConnection, wanted: _Wanted) -> bool:
    with suppress(duckdb.Error):
        copied = con.execute(
            "insert into meta.profiles by name from _old.meta.profiles "
            "where relation = ? and key = ?",
            [wanted.name, wanted.key],
        ).fetchall()
        return bool(copied[0][0])
    return False


def _insert(con: duckdb.DuckDBPyConnection, wanted: _Wanted, profiles: Iterable[Profile]) -> None:
    rows = json.dumps([_row(wanted, found) for found in profiles])
    con.execute(
        "insert into meta.profiles by name select unnest(rows, max_depth := 2) "
        "from (select from_json(?, ?) as rows)",
        [rows, json.dumps([_COLUMNS])],
    )


def _row(wanted: _Wanted, found: Profile) -> dict[str, Any]:
    return {
        "relation": wanted.name,
        "column": found.column,
        "rows": found.rows,
        "missing": found.missing,
        "distinct": found.distinct,
        "sampled": found.sampled,
        "key": wanted.key,
        **found.values,
    }
