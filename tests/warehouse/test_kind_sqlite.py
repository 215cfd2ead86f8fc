"""SQLite: tables and queries, exact values, and files that cannot be read; nothing is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, ProjectError
from analysis.warehouse.ingest import ingest
from analysis.warehouse.reading import sqlite
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import COLUMNS, ROWS, declare, rows, stored

VISITS = (
    "create table visits (day text, shop text, customers integer)",
    "insert into visits values ('2026-01-01', 'north', 3), ('2026-01-02', 'south', null)",
)


def make(folder: Folder, *statements: str, name: str = "raw/shop.db") -> Path:
    """Write a database."""
    path = folder.write(name, b"")
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return path


@pytest.mark.parametrize(
    "what",
    [{"table": "visits"}, {"query": "select * from visits where shop <> 'west' -- all"}],
    ids=["table", "query"],
)
def test_table_and_query(folder: Folder, what: dict[str, str]) -> None:
    make(folder, *VISITS)
    declare(folder, kind="sqlite", path="raw/shop.db", **what)
    assert rows(folder) == ROWS
    assert not ingest(folder.project).changed
    assert [path.name for path in (folder.root / "raw").iterdir()] == ["shop.db"]


def test_several_files_and_odd_names(folder: Folder) -> None:
    for name, row in (
        ("a ?#%.db", "('2026-01-01', 'north', 3)"),
        ("b.db", "('2026-01-02', 'south', null)"),
    ):
        make(
            folder,
            'create table "a ""table""" (day, shop, customers)',
            f'insert into "a ""table""" values {row}',
            name=f"raw/{name}",
        )
    declare(folder, kind="sqlite", path="raw/*.db", table='a "table"')
    assert rows(folder) == ROWS


def test_values_are_exact(folder: Folder) -> None:
    make(
        folder,
        "create table v (number, whole, text, other)",
        "insert into v values (0.1, 9007199254740993, 'a\"b\n,c', 3.0), (1e-300, 3.0, '', 'x'),"
        " (null, null, null, null)",
    )
    columns = {"number": "DOUBLE", "whole": "BIGINT", "text": "VARCHAR", "other": "VARCHAR"}
    declare(folder, columns, kind="sqlite", path="raw/shop.db", table="v")
    ingest(folder.project)
    assert folder.query("from raw.visits") == [
        (0.1, 9007199254740993, 'a"b\n,c', "3"),
        (1e-300, 3, "", "x"),
        (None, None, None, None),
    ]


def test_texts_for_missing(folder: Folder) -> None:
    make(folder, *VISITS, "insert into visits values ('2026-01-03', 'n/a', 'n/a')")
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits", missing=["n/a"])
    assert rows(folder) == [*ROWS, ("2026-01-03", None, None)]


def test_more_rows_than_are_fetched_at_a_time(folder: Folder) -> None:
    many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500)"
    make(folder, f"create table v as {many} select i from n", "update v set i = 'x' where i = 2345")
    declare(folder, {"i": "INTEGER"}, kind="sqlite", path="raw/shop.db", table="v")
    error = error_of(folder)
    assert "`x` of column `i` does not fit" in error.what
    assert str(error.where) == "raw/shop.db, table v, row 2345"
    make(folder, f"create table v as {many} select i from n")
    assert ingest(folder.project).sources[0].rows == 2500


def test_binary_data_is_refused(folder: Folder) -> None:
    make(folder, *VISITS, "insert into visits values ('2026-01-03', x'00ff', 1)")
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    error = error_of(folder)
    assert "column `shop` is binary data" in error.what
    assert str(error.where) == "raw/shop.db, table visits, row 3"


def test_text_that_is_no_utf8(folder: Folder) -> None:
    make(folder, *VISITS, "insert into visits values ('2026-01-03', cast(x'ff' as text), 1)")
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    error = error_of(folder)
    assert "Could not decode" in error.what
    assert str(error.where) == "raw/shop.db"


@pytest.mark.parametrize(
    ("what", "said", "hint", "key"),
    [
        ({"table": "visit"}, "no table `visit`", "its tables are: `visits`", "table"),
        ({"query": "select x from visits"}, "no such column: x", "", "query"),
        ({"query": "drop table visits"}, "readonly database", "", "query"),
        ({"query": "select 1; select 2"}, "one statement at a time", "", "query"),
        ({"query": "select day, shop, shop as Shop from visits"}, "twice", "", None),
        ({"query": "select day, shop from visits"}, "lacks: `customers`", "", None),
        ({"query": "select *, 1 as x from visits"}, "not declared: `x`", "", None),
        ({"query": "select * from visits limit 0"}, "but no rows", "", None),
    ],
)
def test_what_cannot_be_read(
    folder: Folder, what: dict[str, str], said: str, hint: str, key: str | None
) -> None:
    make(folder, *VISITS)
    declare(folder, kind="sqlite", path="raw/shop.db", **what)
    error = error_of(folder)
    assert said in error.what
    assert hint in (error.hint or "")
    assert error.where is not None
    assert error.where.path.partition(",")[0] == ("data/sources.yml" if key else "raw/shop.db")


def test_damaged_file(folder: Folder) -> None:
    path = make(folder, *VISITS, *["insert into visits select * from visits"] * 9)
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    whole = path.read_bytes()
    for content in (
        b"day,shop,customers\n" * 60,
        whole[:5000],
        whole[:4096] + b"?" * len(whole[4096:]),
    ):
        path.write_bytes(content)
        error = error_of(folder)
        assert "this SQLite file is damaged" in error.what
        assert str(error.where) == "raw/shop.db"


def test_locked_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(folder, *VISITS)
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        assert "locked by another program" in error_of(folder).what
        writer.execute("rollback")
    assert rows(folder) == ROWS


def test_file_that_is_being_written(folder: Folder) -> None:
    path = make(folder, "pragma journal_mode = wal", *VISITS)
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("insert into visits values ('2026-01-03', 'west', 1)")
        error = error_of(folder)
        assert "a part of it is in raw/shop.db-wal" in error.what
    # The last connection to be closed writes the rest into the file.
    assert len(rows(folder)) == 3
    assert [found.name for found in path.parent.iterdir()] == ["shop.db"]


def test_table_and_query_exclude_each_other(folder: Folder) -> None:
    declare(folder, kind="sqlite", path="raw/shop.db", table="a", query="select 1")
    error: AnalysisError = error_of(folder, ProjectError)
    assert "has table and query" in error.what


def test_old_warehouse_stays(folder: Folder) -> None:
    path = make(folder, *VISITS)
    declare(folder, kind="sqlite", path="raw/shop.db", table="visits")
    assert rows(folder) == ROWS
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(AnalysisError, match="damaged"):
        ingest(folder.project)
    assert stored(folder) == ROWS
    assert set(COLUMNS) == {row[0] for row in folder.query("describe raw.visits")}
