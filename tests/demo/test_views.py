"""The views of the demo: whole against the raw tables, and by hand on a few rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from tests.demo.conftest import VIEWS

Connection = duckdb.DuckDBPyConnection
Tiny = Callable[..., Connection]
NAMES = sorted(f"{path.parent.name}.{path.stem}" for path in VIEWS.rglob("*.sql"))


def one(connection: Connection, sql: str) -> Any:
    """Give the one row of a result; a single value by itself."""
    [row] = connection.execute(sql).fetchall()
    return row[0] if len(row) == 1 else row


@pytest.mark.parametrize("name", NAMES)
def test_every_view_has_rows(warehouse: Connection, name: str) -> None:
    assert one(warehouse, f"select count(*) from {name}") > 0


def test_overview_agrees_with_the_raw_table(warehouse: Connection) -> None:
    expected = one(
        warehouse,
        "select count(*), count(*) - count(dep_time), count(arr_delay), "
        "sum((arr_delay > 15)::int), min(make_date(year, month, day)) from raw.flights",
    )
    found = one(
        warehouse, "select flights, cancelled, flown, late, first_day from reports.overview"
    )
    assert found == expected
    assert one(warehouse, "select flights = flown + cancelled + unrecorded from reports.overview")


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        ("features.flights", "select count(*) from raw.flights"),
        ("features.flight_aircraft", "select count(*) from raw.flights"),
        ("features.flight_weather", "select matched from reports.weather_match"),
        ("features.weather", "select count(*) from raw.weather"),
    ],
)
def test_joins_neither_lose_nor_double_rows(warehouse: Connection, view: str, rows: str) -> None:
    assert one(warehouse, f"select count(*) from {view}") == one(warehouse, rows)


def test_totals_of_reports_agree_with_the_raw_table(warehouse: Connection) -> None:
    flights = one(warehouse, "select count(*) from raw.flights")
    assert one(warehouse, "select sum(flights)::bigint from reports.days") == flights
    assert one(warehouse, "select sum(flights)::bigint from reports.aircraft_match") == flights
    unmatched = one(
        warehouse,
        "select count(*) from raw.flights where tailnum is null "
        "or tailnum not in (select tailnum from raw.planes)",
    )
    assert one(warehouse, "select sum(unmatched)::bigint from reports.aircraft_match") == unmatched


@pytest.mark.parametrize(
    ("view", "column"),
    [
        ("reports.overview", "late_rate"),
        ("reports.days", "late_rate"),
        ("reports.days", "cancelled_rate"),
        ("reports.busy_routes", "rate"),
        ("reports.busy_routes", "dest_rate"),
        ("reports.aircraft_match", "unmatched_rate"),
    ],
)
def test_rates_are_shares(warehouse: Connection, view: str, column: str) -> None:
    low, high = one(warehouse, f"select min({column}), max({column}) from {view}")
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("view", "column"),
    [
        ("features.flight_weather", "wind"),
        ("features.flight_weather", "rain"),
        ("features.flight_weather", "visibility"),
        ("features.flight_aircraft", "age_band"),
    ],
)
def test_every_band_is_met(warehouse: Connection, view: str, column: str) -> None:
    met, known = one(
        warehouse,
        f"select count(distinct {column}), any_value(len(enum_range({column}))) from {view} "
        f"where {column} is not null",
    )
    assert met == known


def test_the_faulty_wind_is_set_aside(warehouse: Connection) -> None:
    assert one(warehouse, "select wind_speed::double > 1000 from raw.weather__rejected")
    faults, highest = one(
        warehouse, "select wind_faults, highest_wind_kept from reports.weather_match"
    )
    assert faults == 1
    assert 40 < highest < 150


def test_penguins_show_the_paradox(warehouse: Connection) -> None:
    assert one(warehouse, "select correlation from reports.penguin_lines where pooled") < 0
    assert one(warehouse, "select min(slope) from reports.penguin_lines where not pooled") > 0
    assert one(warehouse, "select sum(n)::int from reports.penguin_lines where not pooled") == one(
        warehouse, "select n::int from reports.penguin_lines where pooled"
    )


def test_late_means_more_than_fifteen_minutes_and_only_of_arrivals(tiny: Tiny) -> None:
    connection = tiny(
        {"flight": 1, "dep_time": 800, "arr_delay": 15},
        {"flight": 2, "dep_time": 800, "arr_delay": 16},
        {"flight": 3, "dep_time": 800},
        {"flight": 4},
        views=("features.flights",),
    )
    found = connection.execute(
        "select late, cancelled from features.flights order by flight"
    ).fetchall()
    assert found == [(False, False), (True, False), (None, False), (None, True)]


def test_rivals_are_the_other_carriers_of_the_same_route_day_and_time(tiny: Tiny) -> None:
    def flight(carrier: str, delay: int, **other: Any) -> dict[str, Any]:
        return {"carrier": carrier, "dep_time": 800, "arr_delay": delay, **other}

    connection = tiny(
        flight("AA", 30),
        flight("B6", 0),
        flight("DL", 0),
        flight("DL", 40),
        flight("UA", 40, day=2),  # alone on its day
        flight("UA", 40, dest="MIA"),  # alone on its route
        flight("UA", 40, hour=20),  # alone at its time
        views=("features.flights", "features.rivals"),
    )
    found = connection.execute(
        "select carrier, round(excess, 6) from features.rivals order by carrier, excess"
    ).fetchall()
    third = round(1 / 3, 6)
    assert found == [
        ("AA", 1 - third),
        ("B6", -round(2 / 3, 6)),
        ("DL", -0.5),
        ("DL", 0.5),
    ]


def test_a_turnaround_is_the_next_departure_of_the_aircraft_that_day(tiny: Tiny) -> None:
    def flight(tail: str, hour: int, delay: int, day: int = 1) -> dict[str, Any]:
        return {
            "tailnum": tail,
            "hour": hour,
            "sched_dep_time": hour * 100,
            "dep_time": hour * 100,
            "dep_delay": delay,
            "day": day,
        }

    connection = tiny(
        flight("N1", 8, 90),
        flight("N1", 16, 20),
        flight("N1", 17, 0),  # one hour later: no trip lies between
        flight("N2", 9, 0),
        flight("N2", 15, 0),
        flight("N2", 7, 50, day=2),
        views=("features.flights", "features.turnarounds"),
    )
    found = connection.execute(
        "select tailnum, before, hours_between, late_again, excess "
        "from features.turnarounds order by tailnum"
    ).fetchall()
    assert found == [
        ("N1", "61 to 120", "7 to 8", True, 1.0),
        ("N2", "on time", "5 to 6", False, 0.0),
    ]


def test_recovery_is_measured_against_punctual_flights_of_the_route_and_day(tiny: Tiny) -> None:
    def flight(dep: int, arr: int, air: int, **other: Any) -> dict[str, Any]:
        return {"dep_time": 800, "dep_delay": dep, "arr_delay": arr, "air_time": air, **other}

    connection = tiny(
        flight(0, -4, 50),
        flight(5, -3, 54),
        flight(40, 30, 49),
        flight(40, 30, 49, day=2),  # nobody punctual that day
        views=("features.flights", "features.recovery"),
    )
    found = connection.execute(
        "select left_late, extra_gain, extra_air_time from features.recovery "
        "order by dep_delay desc"
    ).fetchall()
    assert found[0] == ("31 to 60", 10 - 6, 49 - 52)
    assert len(found) == 3


def test_standardised_rates_agree_with_plain_sql(
    warehouse: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    import analysis

    [path] = warehouse.execute(
        "select path from duckdb_databases() where path is not null"
    ).fetchone()
    monkeypatch.chdir(str(path).rsplit("/data/", 1)[0])
    found = analysis.rates(
        "features.flights", "late", "origin", cluster="flight_date", strata=["month"]
    )
    expected = warehouse.execute(
        """
        with cells as (
          select origin, month, avg(late::int) as rate from features.flights group by all
        ),
        weights as (
          select month, count(late) as weight from features.flights group by all
        )
        select origin, sum(rate * weight) / sum(weight)
        from cells join weights using (month) group by origin order by origin
        """
    ).fetchall()
    assert list(zip(found.origin, found.rate, strict=True)) == [
        (origin, pytest.approx(rate, abs=1e-8)) for origin, rate in expected
    ]
    assert found.coverage.tolist() == [1, 1, 1]
