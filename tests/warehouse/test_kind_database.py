"""Databases through SQLAlchemy: a real PostgreSQL and SQLite; what is read, when, and secrets."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import ProjectError, SourceError
from analysis.warehouse.ingest import IngestOptions, ingest
from analysis.warehouse.reading import database
from tests.helpers.postgres import PASSWORD, USER, Postgres
from tests.helpers.projects import analysis
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import COLUMNS, ROWS, declare, rows, stored

NAME = "shop_of_the_tests"
TABLE = "create table visits (note bytea, day date, shop text, customers int, primary key (day))"
VALUES = (
    "insert into visits values ('\\x00', '2026-01-01', 'north', 3),"
    " (null, '2026-01-02', 'south', null)"
)


@pytest.fixture
def server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a connection to a database with a table, whose password is in the environment."""
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    with postgres.database(NAME) as connection:
        connection.execute(TABLE)
        connection.execute(VALUES)
        yield connection


@pytest.fixture
def url(postgres: Postgres, server: Any) -> str:
    """Give the address as it is declared."""
    return f"postgresql+psycopg://{USER}:${{SHOP_PASSWORD}}@127.0.0.1:{postgres.port}/{NAME}"


@pytest.mark.parametrize(
    "what",
    [
        {"table": "visits"},
        {"table": "public.visits"},
        {"query": "select day, shop, customers from visits where shop not like '%:x'"},
    ],
    ids=["table", "schema", "query"],
)
def test_table_and_query(folder: Folder, url: str, what: dict[str, str]) -> None:
    declare(folder, kind="postgres", url=url, **what)
    assert rows(folder) == ROWS
    assert not ingest(folder.project).changed


def test_read_again_when_rows_changed(folder: Folder, url: str, server: Any) -> None:
    declare(folder, kind="postgres", url=url, table="visits", update={"every": "day"})
    ingest(folder.project)
    server.execute("update visits set note = null")
    assert not ingest(folder.project).changed
    server.execute("update visits set customers = 4 where shop = 'north'")
    assert ingest(folder.project).sources[0].changed
    assert stored(folder)[0][2] == 4


def test_changed_decides_alone(folder: Folder, url: str, server: Any) -> None:
    declare(folder, kind="postgres", url=url, table="visits", changed="select max(day) from visits")
    ingest(folder.project)
    server.execute("update visits set customers = 4 where shop = 'north'")
    assert not ingest(folder.project).changed
    server.execute("insert into visits values (null, '2026-01-03', 'west', 1)")
    assert ingest(folder.project).changed
    assert len(stored(folder)) == 3


def test_fixed_source_is_read_once(
    folder: Folder, url: str, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(folder, kind="postgres", url=url, table="visits", update="fixed")
    ingest(folder.project)
    server.execute("update visits set customers = 4 where shop = 'north'")
    monkeypatch.delenv("SHOP_PASSWORD")
    assert not ingest(folder.project).changed
    folder.write("data/sql/reports/n.sql", "select count(*) as n from raw.visits")
    ingest(folder.project)
    assert stored(folder) == ROWS
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    with pytest.raises(SourceError, match="has other content"):
        ingest(folder.project, IngestOptions(force=True))
    assert ingest(folder.project, IngestOptions(accept=True)).changed
    assert stored(folder)[0][2] == 4


def test_values(folder: Folder, url: str, server: Any) -> None:
    server.execute(
        "create table v as select 1.10::numeric(10,2) as a, 0.1::float8 as b, true as c,"
        " timestamptz '2026-01-01 12:00+02' as d, timestamp '2026-01-01 12:00:00.000001' as e,"
        " interval '26 hours' as f, '{\"x\": [1]}'::jsonb as g, 'a\"b' || chr(10) as h,"
        " '6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid as i, array[1, 2] as j, '' as k,"
        " 9007199254740993 as l"
    )
    columns = {
        "a": "DECIMAL(10,2)",
        "b": "DOUBLE",
        "c": "BOOLEAN",
        "d": "TIMESTAMPTZ",
        "e": "TIMESTAMP",
        "f": "INTERVAL",
        "g": "VARCHAR",
        "h": "VARCHAR",
        "i": "UUID",
        "j": "VARCHAR",
        "k": "VARCHAR",
        "l": "BIGINT",
    }
    declare(folder, columns, kind="postgres", url=url, table="v")
    ingest(folder.project)
    texts = ", ".join(f"{name}::varchar as {name}" for name in "aefi")
    query = f"select * replace ({texts}, epoch(d)::bigint as d) from raw.visits"
    assert folder.query(query) == [
        (
            *("1.10", 0.1, True, 1767261600, "2026-01-01 12:00:00.000001", "1 day 02:00:00"),
            *('{"x": [1]}', 'a"b\n', "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "[1, 2]", ""),
            9007199254740993,
        )
    ]


def test_rows_are_streamed(folder: Folder, url: str, server: Any) -> None:
    server.execute(
        "create table n as select i, case when i = 12345 then 'x' else i::text end as t"
        " from generate_series(1, 12500) i"
    )
    declare(folder, {"t": "INTEGER"}, kind="postgres", url=url, query="select t from n order by i")
    error = error_of(folder)
    assert "`x` of column `t`" in error.what
    assert str(error.where) == "query of visits, row 12345"


@pytest.mark.parametrize(
    ("keys", "key", "what"),
    [
        ({"table": "visit"}, "table", "there is no table `visit` in the database"),
        ({"query": "select x from visits"}, "query", 'the query failed: column "x" does not'),
        ({"query": "select 1/0 as day"}, "query", "division by zero"),
        ({"query": "delete from visits returning day"}, "query", "the query failed: syntax error"),
        ({"table": "visits", "changed": "selec"}, "changed", "the query `changed` failed"),
        ({"query": "select note, day, shop, customers from visits"}, None, "is binary data"),
        ({"query": "select day, day, shop from visits"}, None, "twice"),
        ({"query": "select day, shop from visits"}, None, "lacks: `customers`"),
        ({"query": "select *, 1 as x from visits", "changed": "select 1"}, None, "not declared"),
        ({"query": "select day, shop, customers from visits limit 0"}, None, "but no rows"),
    ],
)
def test_what_cannot_be_read(
    folder: Folder, url: str, keys: dict[str, str], key: str | None, what: str
) -> None:
    declare(folder, kind="postgres", url=url, **keys)
    error = error_of(folder)
    assert what in error.what
    if key:
        assert error.where == folder_where(folder, key)


def folder_where(folder: Folder, key: str) -> Any:
    """Locate a key of the source."""
    from analysis.warehouse.declared.file import read_sources

    return read_sources(folder.project).where("visits", key)


def test_columns_that_the_table_lacks(folder: Folder, url: str) -> None:
    declare(folder, {**COLUMNS, "wether": "VARCHAR"}, kind="postgres", url=url, table="visits")
    assert "lacks: `wether`" in error_of(folder).what


def test_secrets_stay_secret(folder: Folder, url: str, server: Any) -> None:
    secret = "pa/ss@word:%41"
    declare(folder, kind="postgres", url=url, table="visits")
    done = analysis(folder.root, "ingest", "--debug", SHOP_PASSWORD=secret)
    assert done.code == 2
    assert "password authentication failed" in done.err
    assert "data/sources.yml:5" in done.err
    assert analysis(folder.root, "ingest", SHOP_PASSWORD=PASSWORD).code == 0
    told = [done.out, done.err, *(path.read_bytes().decode("latin-1") for path in files(folder))]
    for text in told:
        for part in (secret, "pa/ss", "pa%2Fss", PASSWORD):
            assert part not in text
    place = folder.query("select path from meta.sources")[0][0]
    assert "${SHOP_PASSWORD}" in place or "***" in place


def files(folder: Folder) -> list[Path]:
    """List all that was written."""
    return [path for path in folder.root.rglob("*") if path.is_file()]


def test_password_with_odd_letters(folder: Folder, url: str, server: Any, monkeypatch: Any) -> None:
    odd = "pa/ss@word:%41 ?#"
    server.execute(f"create role odd login password '{odd}'")
    server.execute("grant select on visits to odd")
    try:
        monkeypatch.setenv("SHOP_PASSWORD", odd)
        declare(folder, kind="postgres", url=url.replace(USER, "odd"), table="visits")
        assert rows(folder) == ROWS
    finally:
        server.execute("drop owned by odd")
        server.execute("drop role odd")


def test_whole_address_in_the_environment(
    folder: Folder, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP", url.replace("${SHOP_PASSWORD}", PASSWORD))
    declare(folder, kind="postgres", url="${SHOP}", table="visits")
    assert rows(folder) == ROWS
    assert PASSWORD not in (folder.root / "data/sources.lock").read_text()
    monkeypatch.setenv("SHOP", url.replace("${SHOP_PASSWORD}", "wrong-one"))
    with pytest.raises(SourceError, match="password authentication failed") as caught:
        ingest(folder.project)
    assert "wrong-one" not in str(caught.value)
    assert stored(folder) == ROWS


def test_variable_that_is_not_set(folder: Folder) -> None:
    declare(folder, kind="postgres", url="postgresql+psycopg://a:${NOT_SET}@h/d", table="t")
    error = error_of(folder, ProjectError)
    assert "environment variable NOT_SET is not set" in error.what
    assert str(error.where) == "data/sources.yml:5"


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("postgresql+psycopg://a@127.0.0.1:1/d", "cannot be reached: connection failed"),
        ("postgres://a@h/d", "is no address of a database"),
        ("not an address", "is no address of a database"),
        ("mysql+pymysql://a@h/d", "the driver is not installed: pymysql"),
        ("sqlite:////nowhere/shop.db", "cannot be reached: unable to open database file"),
    ],
)
def test_address_that_leads_nowhere(folder: Folder, address: str, what: str) -> None:
    declare(folder, kind="postgres", url=address, table="visits")
    error = error_of(folder)
    assert what in error.what
    assert str(error.where) == f"data/sources.yml:{4 if 'driver' in what else 5}"


def test_without_sqlalchemy(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    declare(folder, kind="postgres", url="sqlite://", table="visits")
    error = error_of(folder)
    assert error.what == "SQLAlchemy is not installed"
    assert error.hint == "pip install 'analysis[postgres]'"


def test_sqlite_through_sqlalchemy(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder.write("shop.db", b"")
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table visits (day, shop, customers, other)")
        db.execute("insert into visits values ('2026-01-01', 'north', 3, x'00')")
        db.execute("insert into visits values ('2026-01-02', 'south', null, 1)")
        db.commit()
    declare(folder, kind="postgres", url=f"sqlite:///{path}", table="visits")
    monkeypatch.setattr(database, "ROWS_AT_A_TIME", 1)
    assert rows(folder) == ROWS
    assert not ingest(folder.project).changed
