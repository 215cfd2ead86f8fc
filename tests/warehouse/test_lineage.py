"""Where the columns of views come from: SQL of all kinds, and the demo's views by hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import duckdb
import pytest

from analysis.lineage.columns import Origin, read_views
from analysis.warehouse.ingest import ingest
from analysis.warehouse.views.lineage import trace
from tests.warehouse.conftest import ROOT, VISITS, VISITS_CSV, Folder

DEMO = {
    "features.carriers.airline": "raw.airlines.name",
    "features.flights.weekday": "raw.flights.day raw.flights.month raw.flights.year",
    "features.flights.hour": "raw.flights.hour",
    "features.flights.day_part": "raw.flights.hour",
    "features.flights.late": "raw.flights.arr_delay",
    "features.weather.wind_speed": "raw.weather.wind_speed",
    "features.flight_aircraft.tailnum": "features.flights.tailnum",
    "features.flight_aircraft.age_band": "features.flights.flight_date raw.planes.year",
    "features.flight_weather.rain": "features.weather.precip",
    "features.flight_weather.origin": "features.flights.origin",
    "features.recovery.usual_gain": "features.flights.arr_delay features.flights.dep_delay",
    "features.recovery.usual_air_time": "features.flights.air_time features.flights.dep_delay",
    "features.recovery.miles": "features.flights.distance",
    "features.rivals.excess": "features.flights.late",
    "features.turnarounds.hours_between": "features.flights.hour",
    "features.turnarounds.excess": "features.flights.dep_delay",
    "reports.aircraft_match.carrier": "features.flights.carrier",
    "reports.aircraft_match.airline": "features.carriers.airline",
    "reports.aircraft_match.flights": "",
    "reports.aircraft_match.matched": "raw.planes.tailnum",
    "reports.busy_routes.airport": "features.flights.dest raw.airports.name",
    "reports.busy_routes.dest_rate": "features.flights.late",
    "reports.days.late_rate": "features.flights.late",
    "reports.overview.unrecorded": "features.flights.cancelled features.flights.late",
    "reports.penguin_lines.slope": "raw.penguins.bill_depth_mm raw.penguins.bill_length_mm",
    "reports.weather_match.highest_wind": "raw.weather__rejected.wind_speed",
}


@pytest.fixture(scope="module")
def viewed(demo: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Ingest the demo with its views."""
    root = tmp_path_factory.mktemp("lineage") / "demo"
    shutil.copytree(demo.root, root)
    shutil.copytree(ROOT / "data/sql", root / "data/sql")
    folder = Folder(root)
    ingest(folder.project)
    return folder


def test_every_view_of_the_demo_is_understood(viewed: Folder) -> None:
    assert viewed.query("select relation from meta.lineage where not exact") == []
    traced = viewed.query("select count(distinct relation) from meta.lineage")
    assert traced == viewed.query("select count(*) from meta.relations where kind = 'view'")


def test_columns_of_the_demo_by_hand(viewed: Folder) -> None:
    views = read_views(viewed.project)
    found = {f"{v}.{c}": " ".join(o.columns) for v, of in views.items() for c, o in of.items()}
    assert {column: found[column] for column in DEMO} == DEMO


def test_origins_are_columns_of_sources(viewed: Folder) -> None:
    found = viewed.query(
        "select source || '.' || source_column from meta.origins "
        "where relation = 'features.recovery' and \"column\" = 'extra_air_time' order by all"
    )
    assert found == [("raw.flights.air_time",), ("raw.flights.dep_delay",)]


_PAIRS = re.compile(r"(\w+)=(.*?)(?= \w+=|$)")


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with a table and a view."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse; use warehouse; create schema raw")
        con.execute("create schema features")
        con.execute("create table raw.visits (day date, shop varchar, customers int)")
        con.execute("create view features.other as select day, shop as name from raw.visits")
        yield con


def lineage_of(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str] | None:
    """Trace the columns of ``sql``; those of ``raw.visits`` without that name."""
    con.execute(f"create or replace view features.v as {sql}")
    columns = [row[0] for row in con.execute("describe features.v").fetchall()]
    known = {"raw.visits": ("day", "shop", "customers"), "features.other": ("day", "name")}
    traced = trace(sql, known, columns)
    if traced is None:
        return None
    return {
        name: " ".join(c.replace("raw.visits.", "") for c in origin.columns)
        + ("" if origin.plain else " *")
        for name, origin in traced.items()
    }


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        # A table's column counts before an alias of the same name; an alias before nothing.
        ("select shop as day, day as d, d as e from raw.visits", "day=shop d=day e=day"),
        ("select customers + 1 as a, a * 2 as b from raw.visits", "a=customers * b=customers *"),
        ("from raw.visits select shop", "shop=shop"),
        ("from raw.visits", "day=day shop=shop customers=customers"),
        ("select * exclude (day) from raw.visits", "shop=shop customers=customers"),
        (
            "select * replace (upper(shop) as shop) from raw.visits",
            "day=day shop=shop * customers=customers",
        ),
        ("select v.* rename (day as d) from raw.visits v", "d=day shop=shop customers=customers"),
        ("with a(x, y) as (select day, shop from raw.visits) select y from a", "y=shop"),
        ("select z from (select shop as z from raw.visits)", "z=shop"),
        ("select * from raw.visits v(a, b, c)", None),
        ('select "Shop", SHOP as x from RAW.Visits', "shop=shop x=shop"),
        ("select shop from warehouse.raw.visits", "shop=shop"),
        ("select raw.visits.shop from raw.visits", "shop=shop"),
        # Rows are chosen by these, and not computed from them.
        ("select day from raw.visits where shop = 'a' order by customers", "day=day"),
        ("select max(day) as m from raw.visits group by shop", "m=day *"),
        ("select count(*) as n from raw.visits", "n= *"),
        ("select count(*) filter (shop = 'a') as n from raw.visits", "n=shop *"),
        (
            "select sum(customers) over (partition by shop order by day) as s from raw.visits",
            "s=customers *",
        ),
        (
            "select row_number() over (partition by shop order by day) as n from raw.visits",
            "n=day *",
        ),
        (
            "select rank() over w as n from raw.visits "
            "window w as (partition by shop order by day)",
            "n=day *",
        ),
        (
            "select max(customers) as m, shop from raw.visits group by all",
            "m=customers * shop=shop",
        ),
        ("select string_agg(shop, ',' order by day) as s from raw.visits", "s=shop *"),
        (
            "select percentile_cont(0.5) within group (order by customers) as q from raw.visits",
            "q=customers *",
        ),
        ("select ntile(4) over (order by customers) as q from raw.visits", "q=customers *"),
        # A name means the nearest thing of that name.
        ("with visits as (select day as shop from raw.visits) select shop from visits", "shop=day"),
        (
            "select (select max(name) from features.other where day = v.day) as m "
            "from raw.visits v",
            "m=features.other.name *",
        ),
        ("select shop as s, (select s || 'x') as t from raw.visits", None),
        # Joins.
        (
            "select day, name from raw.visits join features.other using (day)",
            "day=day name=features.other.name",
        ),
        (
            "select day from raw.visits full join features.other using (day)",
            "day=features.other.day day *",
        ),
        (
            "select coalesce(v.day, o.day) as d from raw.visits v, features.other o",
            "d=features.other.day day *",
        ),
        ("select shop from raw.visits semi join features.other using (day)", "shop=shop"),
        (
            "select v.*, o.* from raw.visits v positional join features.other o",
            "day=day shop=shop customers=customers "
            "day_1=features.other.day name=features.other.name",
        ),
        (
            "select v.shop, o.name from raw.visits v asof join features.other o on v.day >= o.day",
            "shop=shop name=features.other.name",
        ),
        ("from raw.visits union all from raw.visits", "day=day shop=shop customers=customers"),
        (
            "select shop as a, day as b from raw.visits "
            "union by name select day as b from raw.visits",
            "a=shop * b=day",
        ),
        ("select shop as a from raw.visits except select name from features.other", "a=shop"),
        (
            "select shop as a from raw.visits union select name from features.other",
            "a=features.other.name shop *",
        ),
        # Queries in queries.
        ("select (select max(customers) from raw.visits where shop = 'a') as m", "m=customers *"),
        (
            "select exists (select 1 from features.other o where o.day = v.day) as e "
            "from raw.visits v",
            "e=features.other.day day *",
        ),
        (
            "select day in (select day from features.other) as e from raw.visits",
            "e=features.other.day day *",
        ),
        (
            "select (select o.name || v.shop from features.other o limit 1) as x from raw.visits v",
            "x=features.other.name shop *",
        ),
        ("select unnest([shop, 'a']) as x from raw.visits", "x=shop *"),
        ("select u.x from raw.visits v, unnest([v.shop]) u(x)", "x=shop *"),
        ("select r.i from raw.visits, range(3) r(i)", "i= *"),
        (
            "select list_transform([customers], lambda x: x + 1) as l from raw.visits",
            "l=customers *",
        ),
        ("select {'a': shop}.a as x from raw.visits", "x=shop *"),
        ("select s.a as x from (select {'a': shop} as s from raw.visits)", "x=shop *"),
        ("select v from raw.visits v", None),
        ("select columns('d.*') from raw.visits", None),
        ("select * like 'sh%' from raw.visits", None),
        ("select #2 as second from raw.visits", None),
        ("pivot raw.visits on shop in ('a') using sum(customers)", None),
        (
            "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) from r",
            None,
        ),
        ("values (1, 2)", None),
        ("select 1 as one", "one= *"),
    ],
)
def test_sql_of_all_kinds(
    tables: duckdb.DuckDBPyConnection, sql: str, expected: str | None
) -> None:
    found = lineage_of(tables, sql)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found == dict(_PAIRS.findall(expected))


def test_only_a_new_text_is_traced(visits: Folder) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from analysis.project import open_project\n"
        "from analysis.warehouse.ingest import ingest\n"
        f"assert ingest(open_project(Path({str(visits.root)!r}))).changed\n"
        "print('sqlglot' in sys.modules)"
    )

    def traces() -> str:
        return subprocess.check_output([sys.executable, "-c", script], text=True).strip()

    visits.write("data/sql/features/a.sql", "select shop, customers as n from raw.visits")
    assert traces() == "True"
    visits.write("data/raw/visits.csv", VISITS_CSV.replace("3", "4"))
    assert traces() == "False"
    assert read_views(visits.project)["features.a"]["n"] == Origin(("raw.visits.customers",), True)
    visits.write("data/sql/features/a.sql", "select shop, customers + 1 as n from raw.visits")
    assert traces() == "True"


def test_what_cannot_be_traced_comes_from_all_that_is_read(visits: Folder) -> None:
    visits.write("data/sql/features/other.sql", "select shop, 1 as one from raw.visits")
    visits.write("data/sql/features/a.sql", "select v as whole from raw.visits v, features.other")
    ingest(visits.project)
    everything = [
        ("features.other", "one"),
        ("features.other", "shop"),
        *(("raw.visits", column) for column in ("customers", "day", "shop")),
    ]
    found = visits.query(
        "select from_relation, from_column, plain, exact from meta.lineage "
        "where relation = 'features.a' order by all"
    )
    assert found == [(*column, False, False) for column in everything]
    origin = read_views(visits.project)["features.a"]["whole"]
    assert sorted(origin.columns) == [f"{relation}.{column}" for relation, column in everything]
    sources = "select source_column from meta.origins where relation = 'features.a' order by all"
    assert visits.query(sources) == [("customers",), ("day",), ("shop",)]


def test_personal_data_are_personal_in_every_view(visits: Folder) -> None:
    visits.write(
        "data/sources.yml", VISITS.replace("shop: VARCHAR", "shop: {type: VARCHAR, pii: true}")
    )
    visits.write("data/sql/features/a.sql", "select upper(shop) as s, day from raw.visits")
    visits.write("data/sql/features/b.sql", "select s || 'x' as t, a as whole from features.a")
    visits.write("data/sql/features/c.sql", "select count(*) as n from features.b where t > 'a'")
    ingest(visits.project)
    told = "select relation || '.' || name from meta.columns where pii order by all"
    assert visits.query(told) == [("a.s",), ("b.t",), ("b.whole",), ("visits.shop",)]
