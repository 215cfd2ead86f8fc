"""Copying a whole database, and seeing that the copy holds the same."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.errors import SnapshotError
from analysis.lineage.relations import Relation
from analysis.warehouse.building.fingerprints import of_content
from analysis.warehouse.building.record import Record
from analysis.warehouse.snapshots.outside import scanned
from analysis.warehouse.sql import identifier, literal

_COPY = "_copy"
_ORIGINAL = "_original"


def copy_database(source: Path, target: Path, record: Record) -> None:
    """Copy the database at ``source`` to the new file ``target``; ``record`` tells what it holds.

    What stands in a write-ahead log is copied too, which a copy of the file would lose.

    Raises
    ------
    SnapshotError
        The database cannot be read, or holds something else, or there is no space.
    """
    try:
        with duckdb.connect() as con:
            con.execute(f"set temp_directory = {literal(str(target.parent / 'spill'))}")
            con.execute("set TimeZone = 'UTC'")
            # One thread would cut the rows into other groups than ingest does.
            con.execute("set threads = 2")
            con.execute(f"attach {literal(str(source))} as {_ORIGINAL} (read_only)")
            con.execute(f"attach {literal(str(target))} as {_COPY}")
            # Brings schemas, types, comments and views in the order in which they need each other.
            con.execute(f"copy from database {_ORIGINAL} to {_COPY}")
            con.execute(f"checkpoint {_COPY}")
            _compare(con, record)
    except duckdb.Error as error:
        raise SnapshotError(
            f"the warehouse cannot be copied: {str(error).splitlines()[0]}",
            hint="check the space on the disk; `analysis ingest --force` builds it anew",
        ) from None


def _compare(con: duckdb.DuckDBPyConnection, record: Record) -> None:
    """See that the copy has all views, and tables with the fingerprints that the record tells."""
    found = con.execute(
        "select lower(schema_name || '.' || view_name) from duckdb_views()"
        f" where not internal and database_name = {literal(_COPY)}"
    ).fetchall()
    views = {name for (name,) in found}
    in_files = scanned(record)
    for name, relation in sorted(record.relations.items()):
        is_view = relation.kind == "view" or name in in_files
        if not (name in views if is_view else _is_equal(con, relation)):
            raise SnapshotError(
                f"{name} is not what ingest put into the warehouse",
                hint="it was changed by hand: `analysis ingest --force` builds it anew",
            )


def _is_equal(con: duckdb.DuckDBPyConnection, relation: Relation) -> bool:
    quoted = ".".join(identifier(part) for part in (_COPY, *relation.name.split(".", 1)))
    try:
        found = of_content(con, quoted)
    except duckdb.CatalogException:
        return False
    return found is not None and found.whole == relation.fingerprint
