"""Fingerprints of a relation and of its columns, computed once, when it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from analysis.files import digest
from analysis.warehouse.sql import identifier

# DuckDB's hash takes [1], [0, 1], ['NULL'] and [NULL], or a month and 30 days, for the same.
HASHED_AS_TEXT = ("STRUCT", "MAP", "UNION", "VARIANT", "INTERVAL")


@dataclass(frozen=True)
class Fingerprints:
    """The fingerprint of a whole relation, and one of each column by name."""

    whole: str
    columns: Mapping[str, str]


def of_content(
    con: duckdb.DuckDBPyConnection, relation: str, most_rows: int | None = None
) -> Fingerprints | None:
    """Fingerprint the columns with their types and the rows in any order, in one scan.

    ``relation`` is quoted. Gives ``None`` if there are more than ``most_rows``.
    """
    types = column_types(con, relation)
    hashes = ", ".join(f"{_hash(name, kind)} as h{i}" for i, (name, kind) in enumerate(types))
    names = [f"h{i}" for i in range(len(types))]
    # A sum, because two equal values would cancel out in an xor. The hash over a row's hashes
    # tells which values stand together.
    sums = ", ".join(f"sum({h}::hugeint)" for h in (*names, f"hash({', '.join(names)})"))
    rows = relation if most_rows is None else f"(from {relation} limit {most_rows + 1})"
    count, *found, together = con.execute(
        f"select count(*), {sums} from (select {hashes} from {rows})"
    ).fetchall()[0]
    if most_rows is not None and count > most_rows:
        return None
    # The count, because the hash of 0 is 0. The types, because equal numbers hash alike in all.
    columns = {
        name: _short((kind, count, value)) for (name, kind), value in zip(types, found, strict=True)
    }
    return Fingerprints(digest(repr((types, count, found, together)).encode()), columns)


def of_definition(con: duckdb.DuckDBPyConnection, relation: str, definition: str) -> Fingerprints:
    """Fingerprint a view, quoted, without looking at its rows: all columns change together."""
    types = column_types(con, relation)
    return Fingerprints(definition, {name: _short((definition, name)) for name, _ in types})


def definition(sql: str, read: Mapping[str, str]) -> str:
    """Fingerprint what decides the rows of a view: its SQL, and all that it reads.

    ``sql`` is as DuckDB keeps it, without comments and blanks.
    """
    return digest(repr((sql, sorted(read.items()))).encode())


def column_types(con: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    """List the columns of a quoted relation in order, with their types."""
    return [(row[0], row[1]) for row in con.execute(f"describe {relation}").fetchall()]


def _hash(column: str, kind: str) -> str:
    as_text = kind.endswith("]") or kind.startswith(HASHED_AS_TEXT)
    return f"hash({identifier(column)}{'::varchar' if as_text else ''})"


def _short(values: tuple[object, ...]) -> str:
    return digest(repr(values).encode())[:8]
