"""Parquet: one file, many, partitioned; scanned in place or copied; damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.errors import SourceError
from analysis.project import open_project
from analysis.warehouse.connection import db
from analysis.warehouse.ingest import ingest
from analysis.warehouse.reading import parquet
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import COLUMNS, ROWS, declare, rows, stored

VALUES = "(values (date '2026-01-01', 'north', 3), (date '2026-01-02', 'south', null))"
VISITS = f"select * from {VALUES} v(day, shop, customers)"


def write(folder: Folder, name: str, query: str = VISITS) -> Path:
    """Write the rows of a query into a Parquet file below the project."""
    path = folder.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(f"copy ({query}) to '{path}' (format parquet)")
    return path


def kind_of(folder: Folder) -> str:
    """Say whether the source is a table or a view on files."""
    query = "select table_type from information_schema.tables where table_schema = 'raw'"
    return str(folder.query(query)[0][0])


@pytest.mark.parametrize("path", ["raw/a.parquet", "raw/*.parquet", "raw", ["raw/a.parquet"]])
def test_one_file(folder: Folder, path: str | list[str]) -> None:
    write(folder, "raw/a.parquet")
    declare(folder, kind="parquet", path=path)
    assert rows(folder) == ROWS
    assert kind_of(folder) == "BASE TABLE"


def test_a_name_is_no_pattern(folder: Folder) -> None:
    write(folder, "raw/a[1].parquet")
    write(folder, "raw/a1.parquet")
    declare(folder, kind="parquet", path="raw/*[[]*")
    assert rows(folder) == ROWS


@pytest.mark.parametrize("in_place", [True, False])
def test_a_thousand_files(folder: Folder, in_place: bool) -> None:
    first = write(folder, "raw/0.parquet")
    for number in range(1, 1000):
        shutil.copy(first, folder.root / f"raw/{number}.parquet")
    declare(folder, kind="parquet", path="raw", in_place=in_place)
    folder.write("data/sql/reports/n.sql", "select count(*) as n from raw.visits")
    assert ingest(folder.project).sources[0].rows == 2000
    assert folder.query("from reports.n") == [(2000,)]
    assert not ingest(folder.project).changed
    assert kind_of(folder) == ("VIEW" if in_place else "BASE TABLE")


def test_partitions_are_columns(folder: Folder) -> None:
    for year, month in ((2013, "01"), (2014, "a b"), (2014, "__HIVE_DEFAULT_PARTITION__")):
        write(folder, f"raw/year={year}/month={month}/p.parquet", "select 1 as n")
    write(folder, "raw/_temporary/year=2015/month=1/p.parquet", "select 1 as n")
    columns = {"n": "INTEGER", "year": "INTEGER", "month": "VARCHAR"}
    declare(folder, columns, kind="parquet", path="raw", in_place=True)
    folder.write(
        "data/sql/reports/sums.sql", "select year, sum(n)::int as n from raw.visits group by 1"
    )
    ingest(folder.project)
    assert folder.query("select year, month from raw.visits order by all") == [
        (2013, "01"),
        (2014, "a b"),
        (2014, None),
    ]
    assert folder.query("from reports.sums order by 1") == [(2013, 1), (2014, 2)]


def test_partitions_must_be_declared_and_fit(folder: Folder) -> None:
    write(folder, "raw/year=2013/p.parquet", "select 1 as n")
    declare(folder, {"n": "INTEGER"}, kind="parquet", path="raw")
    assert "not declared: `year`" in error_of(folder).what
    declare(folder, {"n": "INTEGER", "year": "INTEGER"}, kind="parquet", path="raw")
    write(folder, "raw/year=x/p.parquet", "select 1 as n")
    error = error_of(folder)
    assert error.what == "the value `x` of column `year` does not fit INTEGER"
    assert str(error.where) == "raw/year=x/p.parquet, row 1"


def test_partitions_are_the_same_everywhere(folder: Folder) -> None:
    write(folder, "raw/year=2013/p.parquet", "select 1 as n")
    write(folder, "raw/p.parquet", "select 1 as n")
    declare(folder, {"n": "INTEGER", "year": "INTEGER"}, kind="parquet", path="raw")
    error = error_of(folder)
    assert "does not lie in folders like those of raw/p.parquet" in error.what
    assert str(error.where) == "raw/year=2013/p.parquet"


def test_folders_above_the_project_are_no_columns(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run=7" / "project")
    write(folder, "raw/year=2013/p.parquet", "select 1 as n")
    declare(folder, {"n": "INTEGER", "year": "INTEGER"}, kind="parquet", path="raw")
    ingest(folder.project)
    assert folder.query("from raw.visits") == [(1, 2013)]


def test_large_files_stay_where_they_are(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "raw/a.parquet")
    declare(folder, kind="parquet", path="raw/a.parquet")
    monkeypatch.setattr(parquet, "LARGE", 10)
    assert rows(folder) == ROWS
    assert kind_of(folder) == "VIEW"


def test_in_place_source_survives_a_move_and_other_ingests(folder: Folder, tmp_path: Path) -> None:
    write(folder, "raw/a.parquet")
    declare(folder, kind="parquet", path="raw", in_place=True)
    folder.write("data/sql/reports/n.sql", "select count(customers) as n from raw.visits")
    assert rows(folder) == ROWS
    folder.write("data/sql/reports/m.sql", "select max(day) as m from raw.visits")
    assert ingest(folder.project).sources[0].changed is False
    assert stored(folder) == ROWS
    moved = Folder(shutil.move(folder.root, tmp_path / "moved"))
    assert ingest(moved.project).changed
    assert stored(moved) == ROWS
    assert moved.query("from reports.n") == [(1,)]
    con = db(moved.root)
    assert con.execute("select count(*) from raw.visits").fetchall() == [(2,)]
    assert not ingest(open_project(moved.root)).changed


def test_file_that_goes_away_is_named(folder: Folder) -> None:
    path = write(folder, "raw/a.parquet")
    declare(folder, kind="parquet", path="raw/a.parquet", in_place=True)
    ingest(folder.project)
    path.unlink()
    with pytest.raises(SourceError, match=r"is missing: raw/a\.parquet"):
        ingest(folder.project)


def test_set_aside_of_a_source_in_place(folder: Folder) -> None:
    write(folder, "raw/a.parquet")
    columns = {**COLUMNS, "customers": {"type": "INTEGER", "nullable": False}}
    declare(folder, columns, kind="parquet", path="raw", in_place=True, on_violation="quarantine")
    assert ingest(folder.project).sources[0].rejected == 1
    assert kind_of(folder) == "BASE TABLE"
    assert folder.query("select shop, _row from raw.visits__rejected") == [("south", 2)]


def test_where_a_row_stands(folder: Folder) -> None:
    write(folder, "raw/a.parquet")
    write(folder, "raw/b.parquet")
    write(folder, "raw/c.parquet", "select date '2026-01-01' as day, 'x' as shop, -1 as customers")
    columns = {**COLUMNS, "customers": {"type": "INTEGER", "range": [0, None]}}
    declare(folder, columns, kind="parquet", path="raw")
    error = error_of(folder)
    assert str(error.where) == "raw/c.parquet, row 1"
    assert "`-1`" in error.what


@pytest.mark.parametrize("in_place", [True, False])
def test_damaged_files_are_named(folder: Folder, in_place: bool) -> None:
    write(folder, "raw/a.parquet")
    whole = write(folder, "raw/b.parquet", VISITS).read_bytes()
    declare(folder, kind="parquet", path="raw", in_place=in_place)
    folder.write("raw/b.parquet", whole[:-20])
    assert str(error_of(folder).where) == "raw/b.parquet"
    folder.write("raw/b.parquet", whole[:4] + b"?" * 60 + whole[64:])
    error = error_of(folder)
    assert str(error.where) == "raw/b.parquet"
    assert "damaged or cut off" in error.what
    folder.write("raw/b.parquet", b"day,shop,customers\n")
    assert "damaged or cut off" in error_of(folder).what


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("select 1 as day", "it lacks `shop`, `customers`"),
        (f"select *, 1 as x from ({VISITS})", "it has `x` besides"),
        (f"select * replace (1.5 as customers) from ({VISITS})", "`customers` is DECIMAL(2,1)"),
    ],
)
def test_files_with_other_columns(folder: Folder, query: str, what: str) -> None:
    write(folder, "raw/a.parquet")
    write(folder, "raw/b.parquet", query)
    declare(folder, kind="parquet", path="raw")
    error = error_of(folder)
    assert what in error.what
    assert str(error.where) == "raw/b.parquet"


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("select 1 as day, 'x' as shop", "lacks: `customers`"),
        (f"select *, 1 as x from ({VISITS})", "not declared: `x`"),
        (f"select * replace ('1' as day) from ({VISITS})", "the value `1` of column `day`"),
        (f"select * replace (1 as day) from ({VISITS})", "`day` is INTEGER and not DATE"),
        (f"select * replace ([1] as customers) from ({VISITS})", "`customers` is INTEGER[]"),
        (f"select * replace (3000000000 as customers) from ({VISITS})", "`3000000000` of column"),
        (f"{VISITS} limit 0", "but no rows"),
    ],
)
def test_columns_are_compared_with_the_declaration(folder: Folder, query: str, what: str) -> None:
    write(folder, "raw/a.parquet", query)
    declare(folder, kind="parquet", path="raw")
    assert what in error_of(folder).what


@pytest.mark.parametrize("names", [["a", "a"], ["a", "A"], ["s", "a", "a"]])
def test_names_that_stand_twice(folder: Folder, names: list[str]) -> None:
    (folder.root / "raw").mkdir()
    values = [pa.array([{"a": 1, "b": 2}]) if name == "s" else pa.array([1]) for name in names]
    pq.write_table(pa.table(values, names=names), folder.root / "raw/a.parquet")
    declare(folder, {"a": "BIGINT"}, kind="parquet", path="raw")
    error = error_of(folder)
    assert "twice in this file: `a`" in error.what
    assert str(error.where) == "raw/a.parquet"


def test_two_thousand_columns(folder: Folder) -> None:
    names = [f"c{number}" for number in range(2000)]
    (folder.root / "raw").mkdir()
    table = pa.table([pa.array([1, 2], pa.int32())] * 2000, names=names)
    pq.write_table(table, folder.root / "raw/a.parquet")
    declare(folder, dict.fromkeys(names, "INTEGER"), kind="parquet", path="raw")
    assert ingest(folder.project).sources[0].rows == 2
    assert folder.query("select c0, c1999 from raw.visits") == [(1, 1), (2, 2)]
