"""The demo's own data: what was measured on it, and the connection that pages use."""

from __future__ import annotations

import datetime

from tests.warehouse.conftest import Folder

SHAPES = {
    "airlines": (16, 2),
    "airports": (1458, 8),
    "flights": (336_776, 19),
    "penguins": (344, 8),
    "planes": (3322, 9),
    "turnarounds": (20_440, 8),
    "weather": (26_114, 15),
}


def test_rows_and_columns(demo: Folder) -> None:
    found = {
        name: (
            demo.query(f"select count(*) from raw.{name}")[0][0],
            demo.query(f"select count(*) from meta.columns where relation = '{name}'")[0][0],
        )
        for name in SHAPES
    }
    assert found == SHAPES


def test_missing_values(demo: Folder) -> None:
    def missing(table: str, column: str) -> float:
        sql = f"select 100 * (1 - count({column}) / count(*)) from raw.{table}"
        return round(float(demo.query(sql)[0][0]), 2)

    assert missing("flights", "dep_delay") == 2.45
    assert missing("flights", "arr_delay") == 2.8
    assert missing("flights", "tailnum") == 0.75
    assert missing("weather", "wind_gust") == 79.56
    assert missing("planes", "speed") == 99.31


def test_times_are_utc_and_fit_the_local_hour(demo: Folder) -> None:
    first = "select min(time_hour) from raw.flights"
    assert demo.query(first) == [(datetime.datetime(2013, 1, 1, 10),)]
    local = "time_hour at time zone 'UTC' at time zone 'America/New_York'"
    assert demo.query(f"select count(*) from raw.flights where hour({local}) <> hour") == [(0,)]


def test_contracts_find_the_faults_that_the_data_have(demo: Folder) -> None:
    broken = "select source, name, violations from meta.checks where not passed order by all"
    assert demo.query(broken) == [
        ("flights", "dest: foreign key", 7602),
        ("flights", "tailnum: foreign key", 50094),
        ("weather", "origin, year, month, day, hour: unique", 3),
        ("weather", "wind_speed: range", 1),
    ]
    assert demo.query("select wind_speed, _row, _reasons from raw.weather__rejected") == [
        ("1048.36058", 1010, ["wind_speed lies outside 0 to 150"])
    ]


def test_every_column_is_described(demo: Folder) -> None:
    assert demo.query("select * from meta.columns where description is null") == []
    licences = demo.query("select distinct licence from meta.sources")
    assert licences == [("CC0-1.0",)]


def test_simulated_truth_is_what_happens(demo: Folder) -> None:
    found = demo.query(
        "select avg((departure_delay > 15)::int), avg(true_chance_late) from raw.turnarounds"
        " group by round(true_chance_late, 1)"
    )
    assert all(abs(seen - chance) < 0.06 for seen, chance in found)
    assert len(found) == 10
    said = demo.query("select description from meta.sources where name = 'turnarounds'")
    assert said[0][0].startswith("SIMULATED")
