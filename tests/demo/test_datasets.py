"""The demo's samples and features: who is in them, and that they go together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

import analysis
from analysis.warehouse.datasets.dataset import Dataset
from tests.datasets.databases import in_duckdb, in_postgres, in_sqlite, tables_of
from tests.helpers.postgres import Postgres

FEATURES = ["schedule", "hourly_weather", "plane", "congestion"]
# Two days, one of which is held out.
SOME: Mapping[str, str] = {
    "flights": "month = 1 and day in (4, 5)",
    "weather": "month = 1 and day in (3, 4, 5)",
    "planes": "true",
}


@pytest.fixture
def late(warehouse: duckdb.DuckDBPyConnection) -> Dataset:
    """Give the dataset that the demo's models are trained on."""
    [(file,)] = warehouse.execute(
        "select path from duckdb_databases() where path is not null"
    ).fetchall()
    root = Path(file).parents[1]
    return analysis.dataset("late", "train_2013h1", FEATURES, start=root)


def test_samples_are_parts_of_the_arrivals(warehouse: duckdb.DuckDBPyConnection) -> None:
    rates = warehouse.execute(
        """
        select (select avg(late::int) from samples.train_2013h1),
          (select avg(late::int) from samples.test_2013h1),
          (select count(*) from samples.train_2013h1) + (select count(*) from samples.test_2013h1)
            + (select count(*) from samples.score_2013h2),
          (select count(*) from raw.flights where arr_delay is not null)
        """
    ).fetchall()[0]
    assert [round(rate, 3) for rate in rates[:2]] == [0.253, 0.232]
    assert rates[2] == rates[3]


def test_the_dataset_passes_its_checks(late: Dataset) -> None:
    assert late.count() == 129_335
    assert late.target == "late"
    described = [column.name for column in late.columns if not column.description]
    assert described == []


def test_weather_is_that_of_the_hour_before(warehouse: duckdb.DuckDBPyConnection) -> None:
    pairs = warehouse.execute(
        "select f.temp, w.temp from features.hourly_weather f join raw.weather w "
        "on w.origin = f.origin and w.time_hour = f.time_hour - interval 1 hour"
    ).fetchall()
    assert len(pairs) > 26_000
    assert all(feature == raw for feature, raw in pairs)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_same_rows_elsewhere(
    late: Dataset,
    warehouse: duckdb.DuckDBPyConnection,
    database: str,
    request: pytest.FixtureRequest,
) -> None:
    tables = tables_of(warehouse, SOME)
    expected = in_duckdb(late.sql(inline=True), tables)
    assert len(expected) > 500
    server: Postgres | None = None
    if database == "postgres":
        server = request.getfixturevalue("postgres")
    run = in_postgres(server) if server else in_sqlite
    assert run(late.sql(inline=True, dialect=database), tables) == expected


def test_the_inlined_query_gives_the_dataset(
    late: Dataset, warehouse: duckdb.DuckDBPyConnection
) -> None:
    names = {f"raw.{name}": f"raw.{name}" for name in SOME}
    inlined = late.sql(inline=True, tables=names)
    difference = f"select count(*) from (({inlined}) except all ({late.sql()}))"
    assert warehouse.execute(difference).fetchall() == [(0,)]
