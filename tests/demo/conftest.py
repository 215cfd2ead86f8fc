"""The demo's own views: on its real data, and on a few rows that a test writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.project import open_project
from analysis.warehouse.ingest import ingest

ROOT = Path(__file__).parents[2]
VIEWS = ROOT / "data" / "sql"


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build the demo's warehouse in a folder of its own, once."""
    root = tmp_path_factory.mktemp("demo")
    shutil.copy(ROOT / "_quarto.yml", root)
    (root / "data").mkdir()
    shutil.copy(ROOT / "data" / "sources.yml", root / "data")
    shutil.copytree(VIEWS, root / "data" / "sql")
    shutil.copytree(ROOT / "src" / "simulation", root / "src" / "simulation")
    project = open_project(root)
    ingest(project)
    with duckdb.connect(str(project.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture
def tiny(
    warehouse: duckdb.DuckDBPyConnection,
) -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """Give a function that makes the named views over the given flights, and nothing else.

    A flight is a mapping of columns of ``raw.flights``; what is not said is missing, or a plain
    value where it must be there.
    """
    connection = duckdb.connect()
    kinds = dict(
        warehouse.execute(
            "select column_name, data_type from duckdb_columns() "
            "where schema_name = 'raw' and table_name = 'flights'"
        ).fetchall()
    )

    def make(*flights: dict[str, Any], views: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
        connection.execute("create schema raw; create schema features; create schema reports")
        columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
        connection.execute(f"create table raw.flights ({columns})")
        usual = {"year": 2013, "month": 1, "day": 1, "hour": 8, "sched_dep_time": 800}
        usual |= {"carrier": "AA", "flight": 1, "origin": "JFK", "dest": "BOS", "distance": 187}
        for flight in flights:
            row = usual | flight
            places = ", ".join("?" for _ in row)
            connection.execute(
                f"insert into raw.flights ({', '.join(row)}) values ({places})", [*row.values()]
            )
        for view in views:
            sql = (VIEWS / f"{view.replace('.', '/')}.sql").read_text()
            connection.execute(f"create view {view} as {sql}")
        return connection

    yield make
    connection.close()
