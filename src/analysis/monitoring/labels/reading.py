"""Labels as users hand them in: a file, or a query on the warehouse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import Location, ProjectError
from analysis.project import Project
from analysis.warehouse.connection import connect
from analysis.warehouse.opened import telling
from analysis.warehouse.sql import files, identifier, literal

if TYPE_CHECKING:
    import duckdb

_CSV, _JSON = (".csv", ".csv.gz", ".tsv", ".tsv.gz"), (".json", ".jsonl", ".ndjson", ".json.gz")
_PARQUET = (".parquet", ".pq")
_QUERY = re.compile(r"\s*(--.*\n\s*)*(select|with|from)\b", re.IGNORECASE)
# The table of what was handed in: its columns as texts, and the place of each row, from 1.
GIVEN, PLACE = "given_labels", "place_"


@dataclass(frozen=True)
class Given:
    """What was handed in, as it is called, with its columns; ``before`` rows there are lines."""

    name: str
    columns: tuple[str, ...]
    before: int | None = None

    def where(self, place: int) -> tuple[Location, str]:
        """Say where the row at ``place`` stands: the line of a file of lines, else the row."""
        if self.before is None:
            return Location(self.name), f"row {place}: "
        return Location(self.name, place + self.before), ""


def read_given(con: duckdb.DuckDBPyConnection, project: Project, text: str, folder: Path) -> Given:
    """Read a file, or the rows of a query, into the table `GIVEN`.

    ``folder`` is one for what is only needed now.

    Raises
    ------
    ProjectError
        It is neither, or it cannot be read.
    """
    if _QUERY.match(text) and not _is_file(text):
        return _read_query(con, project, text, folder / "rows.parquet")
    path = Path(text)
    if not path.is_file():
        raise ProjectError(
            f"there is no file `{text}`",
            hint='hand in a CSV, Parquet, JSON or NDJSON file, or a query: "select …"',
        )
    return _read_file(con, path)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a long query is no name of a file
        return False


def _read_query(con: duckdb.DuckDBPyConnection, project: Project, query: str, rows: Path) -> Given:
    with connect(project) as warehouse, telling("the query cannot be run"):
        kinds = [one.type.name for one in warehouse.extract_statements(query)]
        if kinds != ["SELECT"]:
            raise ProjectError("this is not one SELECT", hint="write one query")
        text = query.strip().rstrip(";")
        warehouse.execute("set enable_progress_bar = false")
        warehouse.execute(f"copy (\n{text}\n) to {literal(str(rows))} (format parquet)")
    return Given("query", _kept(con, f"read_parquet({files([rows])})"))


def _read_file(con: duckdb.DuckDBPyConnection, path: Path) -> Given:
    name, source = path.name.lower(), files([path])
    with telling("this file cannot be read", Location(path.name)):
        if name.endswith(_CSV):
            told = f"read_csv({source}, header = true, all_varchar = true)"
            return Given(path.name, _kept(con, told), before=1)
        if name.endswith(_PARQUET):
            return Given(path.name, _kept(con, f"read_parquet({source})"))
        if name.endswith(_JSON):
            return _read_json(con, path)
    raise ProjectError(
        f"`{path.name}` is none of CSV, Parquet, JSON and NDJSON by its name",
        hint="name it .csv, .parquet, .json or .ndjson",
    )


def _read_json(con: duckdb.DuckDBPyConnection, path: Path) -> Given:
    source = files([path])
    names = [
        row[0]
        for row in con.execute(
            f"describe select * from read_json({source}, sample_size = -1)"
        ).fetchall()
    ]
    # Values stay as they are written: a text of digits is no number.
    texts = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    columns = _kept(con, f"read_json({source}, columns = {{{texts}}})")
    with path.open("rb") as file:
        is_lines = not path.name.endswith(".gz") and file.read(64).lstrip()[:1] == b"{"
    return Given(path.name, columns, 0 if is_lines else None)


def _kept(con: duckdb.DuckDBPyConnection, source: str) -> tuple[str, ...]:
    names = [row[0] for row in con.execute(f"describe select * from {source}").fetchall()]
    texts = ", ".join(f"{identifier(name)}::varchar as {identifier(name)}" for name in names)
    con.execute(
        f"create or replace temp table {GIVEN} as "
        f"select {texts}, row_number() over () as {PLACE} from {source}"
    )
    return tuple(map(str, names))
