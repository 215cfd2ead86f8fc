"""What is told of the values of a source: against pandas, and what must not be told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.warehouse.ingest import ingest
from analysis.warehouse.profiling.bins import LEVELS, choose_bins
from analysis.warehouse.profiling.profile import Profile, profile
from tests.warehouse.conftest import Folder


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an empty database, set as an ingest sets it while it looks at values."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        yield connection


def _look(
    con: duckdb.DuckDBPyConnection, sql: str, hidden: tuple[str, ...] = (), **limits: int
) -> dict[str, Profile]:
    con.execute(f"create or replace table seen as {sql}")
    return {found.column: found for found in profile(con, "main.seen", set(hidden), **limits)}


def test_numbers_agree_with_pandas(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "amount": random.normal(20, 5, 3000).round(2),
            "visits": random.poisson(4, 3000),
            "shop": random.choice(["north", "south", "west"], 3000, p=[0.5, 0.3, 0.2]),
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 90, 3000), "D"),
        }
    )
    frame.loc[random.random(3000) < 0.1, "amount"] = np.nan
    frame.to_parquet(tmp_path / "frame.parquet")
    found = _look(con, f"from '{tmp_path}/frame.parquet'")
    for name, told in found.items():
        column = frame[name]
        assert (told.rows, told.missing) == (3000, column.isna().sum())
        assert (told.distinct, told.sampled) == (column.nunique(), None)
    amount = found["amount"].values
    assert float(amount["minimum"]) == frame.amount.min()
    assert float(amount["maximum"]) == frame.amount.max()
    assert amount["mean"] == pytest.approx(frame.amount.mean(), rel=1e-11)
    edges = [b["low"] for b in amount["histogram"]] + [amount["histogram"][-1]["high"]]
    counts, _ = np.histogram(frame.amount.dropna(), edges)
    assert [b["n"] for b in amount["histogram"]] == counts.tolist()
    assert len(counts) == 20
    per_visit = frame.visits.value_counts()
    assert {b["low"]: b["n"] for b in found["visits"].values["histogram"] if b["n"]} == dict(
        per_visit
    )
    shops = frame.shop.value_counts()
    told_shops = [(f["value"], f["n"]) for f in found["shop"].values["frequencies"]]
    assert told_shops == list(shops.items())
    assert found["shop"].values["examples"] == list(shops.index)
    assert sum(b["n"] for b in found["day"].values["histogram"]) == 3000
    assert found["day"].values["minimum"].startswith(str(frame.day.min().date()))


def test_one_wild_value_does_not_flatten_the_histogram(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, "select i % 50 + 0.5 as speed from range(1000) t(i) union all select 1048")
    speed = found["speed"].values
    assert (speed["below"], speed["above"]) == (0, 1)
    assert speed["histogram"][-1]["high"] < 200
    assert sum(1 for b in speed["histogram"] if b["n"]) >= 6
    assert speed["maximum"] == "1048.0"


def test_few_values_with_a_wild_one(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, "select i as x from range(30) t(i) union all select 1000000")
    assert found["x"].values["above"] == 1


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=40))
def test_bins_hold_what_they_should(values: list[float]) -> None:
    low, high = min(values), max(values)
    levels = [float(np.quantile(values, level, method="inverted_cdf")) for level in LEVELS]
    bins = choose_bins(low, high, levels, len(values))
    if bins is None:
        return
    assert low <= bins.low <= bins.high <= high
    assert bins.width > 0
    assert 1 <= bins.count <= 20


def test_odd_values_are_no_mistake(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(
        con,
        "select * from (values "
        "(1.5::double, null::integer, [1], {'a': 1}, '<script>', true, date '0001-01-01'), "
        "('nan', null, [2], null, repeat('x', 500), false, 'infinity'), "
        "('inf', null, null, null, '', true, null), (1e308, null, null, null, null, null, null), "
        "(-1e308, null, null, null, null, null, null)) v(f, empty, list, struct, text, flag, day)",
    )
    assert found["f"].missing == 0
    assert "histogram" not in found["f"].values  # too far apart
    assert found["empty"].missing == 5
    assert found["empty"].values["minimum"] is None
    assert found["list"].values == {"minimum": None, "maximum": None}
    assert found["list"].distinct == 2
    assert max(len(text) for text in found["text"].values["examples"]) == 80
    assert [f["n"] for f in found["flag"].values["frequencies"]] == [2, 1]
    json.dumps([p.values for p in found.values()])


def test_a_relation_without_rows(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, "select 1 as a, 'x' as b where false")
    assert (found["a"].rows, found["a"].distinct) == (0, 0)
    assert found["b"].values["frequencies"] == []


def test_columns_may_be_called_anything(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, 'select 1 as "n", 2 as "a ""b", 3 as "it\'s", 4 as v, 5 as x')
    assert list(found) == ["n", 'a "b', "it's", "v", "x"]
    assert {p.values["mean"] for p in found.values()} == {1, 2, 3, 4, 5}


def test_of_a_hidden_column_only_numbers_are_told(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, "select 'Ada Lovelace' as name, 36 as age", hidden=("name", "age"))
    assert found["name"] == Profile("name", 1, 0, 1)
    assert found["age"].values == {}


def test_a_large_relation_is_sampled_alike_each_time(con: duckdb.DuckDBPyConnection) -> None:
    sql = "select i % 100 as a, i::varchar as b, i / 3 as c from range(20_000) t(i)"
    first = _look(con, sql, most_rows=10_000, sample_rows=4_000)
    again = _look(con, sql, most_rows=10_000, sample_rows=4_000)
    assert first == again
    a = first["a"]
    assert a.sampled == sum(b["n"] for b in a.values["histogram"])
    assert 3_500 < a.sampled < 4_500
    assert (a.rows, a.values["minimum"], a.values["maximum"]) == (20_000, "0", "99")
    assert 90 <= a.distinct <= 110
    assert first["b"].distinct == pytest.approx(20_000, rel=0.2)
    assert con.execute("select count(*) from duckdb_tables() where temporary").fetchall() == [(0,)]


def test_of_very_many_columns_the_first_are_looked_at(con: duckdb.DuckDBPyConnection) -> None:
    found = _look(con, "select " + ", ".join(f"{i} as c{i}" for i in range(250)))
    assert len(found) == 250
    assert "histogram" in found["c0"].values
    last = found["c249"]
    assert (last.sampled, last.distinct) == (0, 1)
    assert last.values == {"minimum": "249", "maximum": "249"}


PEOPLE = """
sources:
  people:
    description: Customers
    kind: csv
    path: data/raw/people.csv
    columns:
      id: INTEGER
      name: {type: VARCHAR, pii: true}
      town: VARCHAR
"""
PRIVATE_TOWN = "town: {type: VARCHAR, pii: true}"
LOUD = """\
/*
description: Names in capitals
materialized: true
*/
select id, upper(name) as loud, town from raw.people
"""


@pytest.fixture
def people(folder: Folder) -> Folder:
    """Give a project whose source, and a materialized view on it, tell of people."""
    folder.write("data/sources.yml", PEOPLE)
    folder.write("data/raw/people.csv", "id,name,town\n1,Ada,London\n2,Grace,New York\n")
    folder.write("data/sql/features/loud.sql", LOUD)
    ingest(folder.project)
    return folder


def test_what_tells_of_people_is_not_told(people: Folder) -> None:
    everything = repr(people.query("from meta.profiles"))
    assert "London" in everything
    assert "ada" not in everything.lower()
    found = people.query(
        'select rows, missing, "distinct", minimum, histogram, frequencies from meta.profiles '
        "where relation = 'features.loud' and \"column\" = 'loud'"
    )
    assert found == [(2, 0, 2, None, None, None)]


def test_what_was_told_is_hidden_when_a_column_is_declared_to_tell_of_people(
    people: Folder,
) -> None:
    people.write("data/sources.yml", PEOPLE.replace("town: VARCHAR", PRIVATE_TOWN))
    ingest(people.project)
    assert "London" not in repr(people.query("from meta.profiles"))


def test_profiles_of_kept_sources_are_taken_over(visits: Folder) -> None:
    ingest(visits.project)
    before = visits.query("from meta.profiles")
    assert {row[0] for row in before} == {"raw.visits"}
    # What cannot be computed from the data shows that it was not computed again.
    with duckdb.connect(str(visits.project.warehouse)) as con:
        con.execute("update meta.profiles set mean = 77 where \"column\" = 'customers'")
        con.execute("checkpoint")
    record = visits.project.warehouse.with_suffix(".json")
    values = json.loads(record.read_text())
    values["size"] = visits.project.warehouse.stat().st_size
    record.write_text(json.dumps(values))
    visits.write("data/sql/features/new.sql", "select 1 as one")
    ingest(visits.project)
    told = visits.query("select mean from meta.profiles where \"column\" = 'customers'")
    assert told == [(77,)]
    visits.write("data/raw/visits.csv", "day,shop,customers\n2026-01-01,north,5\n")
    ingest(visits.project)
    told = visits.query("select mean, rows from meta.profiles where \"column\" = 'customers'")
    assert told == [(5, 1)]


def test_two_ingests_give_the_same_profiles(visits: Folder) -> None:
    ingest(visits.project)
    first = json.loads(visits.project.warehouse.with_suffix(".json").read_text())
    visits.project.warehouse.unlink()
    ingest(visits.project)
    again = json.loads(visits.project.warehouse.with_suffix(".json").read_text())
    assert first["relations"]["meta.profiles"] == again["relations"]["meta.profiles"]
    assert first["fingerprint"] == again["fingerprint"]
