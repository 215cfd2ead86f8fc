"""Labels that were handed in, kept in one file; the same labels are kept once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import fresh_folder, temporary
from analysis.models.bundle.record import Bundle, KeyField
from analysis.monitoring.labels.columns import Columns, columns_of
from analysis.monitoring.labels.reading import GIVEN, PLACE, Given, read_given
from analysis.monitoring.labels.values import (
    check_values,
    empty_label,
    key_value,
    label_of,
    others_of,
    time_of,
)
from analysis.monitoring.stored.places import labels_folder
from analysis.project import Project
from analysis.project.secret import hashed, project_secret
from analysis.warehouse.monitored import LABELS
from analysis.warehouse.opened import in_memory
from analysis.warehouse.sql import identifier, literal

if TYPE_CHECKING:
    import duckdb

_DIGITS = 16
_READ = "read_labels"


@dataclass(frozen=True)
class Kept:
    """What became of labels: ``rows`` were read, of which ``empty`` have no label (yet).

    ``path`` is the new file, ``None`` if there is nothing to keep or if ``before`` has the same.
    """

    given: Given
    columns: Columns
    received: datetime
    rows: int
    empty: int
    path: Path | None
    before: Path | None


def keep(project: Project, bundle: Bundle, text: str, now: datetime | None = None) -> Kept:
    """Keep the labels of a model that ``text`` names: a file, or a query on the warehouse.

    Raises
    ------
    ProjectError
        It cannot be read, or a column or a value is wrong; then nothing is kept.
    OSError
        There is no room.
    """
    home = labels_folder(project, bundle.model)
    now = now or datetime.now(UTC)
    with fresh_folder(project.work_dir, "labels-") as folder, in_memory(folder) as con:
        given = read_given(con, project, text, folder)
        columns = columns_of(given, bundle)
        check_values(con, given, columns, bundle)
        _hash_persons(con, project, columns)
        rows, empty, mark = _read(con, bundle, columns)
        before = next(iter(sorted(home.glob(f"*-{mark}.parquet"))), None)
        if before or rows == empty:
            return Kept(given, columns, now, rows, empty, None, before)
        path = home / f"{now:%Y%m%dT%H%M%S%f}-{mark}.parquet"
        with temporary(path) as file:
            _write(con, file, bundle.model, given.name, now)
    return Kept(given, columns, now, rows, empty, path, None)


def _read(con: duckdb.DuckDBPyConnection, bundle: Bundle, columns: Columns) -> tuple[int, int, str]:
    """Put the labels into a table; give how many rows there were, how many empty, and a mark.

    The mark is of what they say, in their order, and not of how the file is written.
    """
    values = {value.column: value.sql for value in others_of(columns)}
    told = {
        "request": values.get(columns.request or ""),
        "row": values.get(columns.row or ""),
        "key": _key(columns.key) if columns.key else None,
        "time": time_of(columns.time) if columns.time else None,
        "label": label_of(columns, bundle).sql,
        "known": time_of(columns.known) if columns.known else None,
    }
    chosen = ", ".join(
        f"({sql or 'null'})::{LABELS[name]} as {identifier(name)}" for name, sql in told.items()
    )
    empty = empty_label(columns, bundle)
    con.execute(
        f"create or replace temp table {_READ} as "
        f"select {chosen}, {PLACE} from {GIVEN} where not {empty}"
    )
    texts = ", ".join(f"coalesce({identifier(name)}::varchar, '')" for name in told)
    row = con.execute(
        f"""select (select count(*) from {GIVEN}), count(*),
  bit_xor(md5_number(concat_ws(chr(31), row_number, {texts})))
from (select *, row_number() over (order by {PLACE}) as row_number from {_READ})"""
    ).fetchone()
    assert row is not None
    return row[0], row[0] - row[1], f"{row[2] or 0:032x}"[:_DIGITS]


def _write(
    con: duckdb.DuckDBPyConnection, file: Path, model: str, source: str, now: datetime
) -> None:
    received = f"timestamp {literal(f'{now:%Y-%m-%d %H:%M:%S.%f}')}"
    con.execute(
        f"""copy (
  select {literal(model)} as model, request, row, key, time, label,
    coalesce(known, {received}) as known, {received} as received, {literal(source)} as source
  from {_READ} order by {PLACE}
) to {literal(str(file))} (format parquet, compression zstd)"""
    )


def _key(key: tuple[KeyField, ...]) -> str:
    told = ", ".join(f"{literal(field.name)}, {_logged(field)}" for field in key)
    return f"json_object({told})"


def _logged(field: KeyField) -> str:
    """Read a column of the key as the log has it: a personal one is a hash."""
    return identifier(field.name) if field.personal else key_value(field)


def _hash_persons(con: duckdb.DuckDBPyConnection, project: Project, columns: Columns) -> None:
    """Put hashes in the place of personal values, as servers do in their log."""
    for field in columns.key:
        if not field.personal:
            continue
        secret, name = project_secret(project), identifier(field.name)
        value = plain(field)
        texts = con.execute(f"select distinct {name}, {value} from {GIVEN}").fetchall()
        con.execute("create or replace temp table hashes (text varchar, hash varchar)")
        con.executemany(
            "insert into hashes values (?, ?)", [(text, hashed(secret, v)) for text, v in texts]
        )
        con.execute(f"update {GIVEN} set {name} = hash from hashes where {name} = text")


def plain(field: KeyField) -> str:
    """Write the text of a value that is hashed, which is that of its value in JSON."""
    if field.type == "BOOLEAN":
        return f"if({key_value(field)}, 'True', 'False')"
    exact = field.type == "VARCHAR" or field.type.startswith(("DATE", "TIME"))
    return identifier(field.name) if exact else f"{key_value(field)}::varchar"
