"""``analysis model sql``: a version as a query, or why not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analysis.models.bundle.record import KeyField, Uncompiled
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from analysis.warehouse.ingest import ingest
from tests.helpers.bundle_pipelines import FIELDS
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import Outcome, analysis, write_project

TRIPS = """\
id,wind,hour,holiday,carrier
1,12.5,8,true,AA
2,48.25,17,false,UA
3,,11,,
4,20,11,false,ZZ
"""
SOURCES = """
sources:
  trips:
    description: Trips
    kind: csv
    path: data/raw/trips.csv
    columns: {id: BIGINT, wind: DOUBLE, hour: INTEGER, holiday: BOOLEAN, carrier: VARCHAR}
"""
LATE = "/* {key: id} */ select id, hour from raw.trips where id > 2"
JOURNEYS = "create table journeys (id int, wind double, hour int, holiday bool, carrier text)"
FILES = {
    "data/raw/trips.csv": TRIPS,
    "data/sources.yml": SOURCES,
    "data/sql/samples/trips.sql": "/* {key: id} */ select id, hour from raw.trips",
    "data/sql/samples/late_trips.sql": LATE,
    "data/sql/features/weather.sql": "/* {key: id} */ select id, wind from raw.trips",
    "data/sql/features/plan.sql": "/* {key: id} */ select id, holiday, carrier from raw.trips",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a project with a warehouse and a model."""
    root = write_project(tmp_path, FILES)
    ingest(find_project(root))
    add_bundle(root, uncompiled=None, fields=FIELDS, key=(KeyField("id", "BIGINT"),))
    return root


def sql(root: Path, *words: str, code: int = 0) -> Outcome:
    outcome = analysis(root, "model", "sql", *words)
    assert outcome.code == code, outcome
    return outcome


def wanted(root: Path) -> list[tuple[int, bool, float]]:
    registry = open_registry(find_project(root))
    predictor = open_predictor(registry.folder(registry.find("late-flights")))
    columns: dict[str, list[object]] = {
        "wind": [12.5, 48.25, None, 20.0],
        "hour": [8, 17, 11, 11],
        "holiday": [True, False, None, False],
        "carrier": ["AA", "UA", None, "ZZ"],
    }
    told = predictor.predict(columns)
    return [*zip([1, 2, 3, 4], told["prediction"], told["probability"], strict=True)]


def same(found: list[tuple[int, bool, float]], told: list[tuple[int, bool, float]]) -> None:
    found = sorted(found)
    assert [row[:2] for row in found] == [row[:2] for row in told]
    assert [row[2] for row in found] == pytest.approx([row[2] for row in told], abs=1e-12)


def test_the_query_gives_what_the_model_says(root: Path) -> None:
    written = sql(root, "late-flights").out
    late = sql(root, "late-flights@1", "--sample", "late_trips").out
    inline = sql(root, "late-flights", "--inline", "--table", "raw.trips=main.journeys").out
    with duckdb.connect(str(find_project(root).warehouse), read_only=True) as con:
        same(con.execute(written).fetchall(), wanted(root))
        same(con.execute(late).fetchall(), wanted(root)[2:])
        trips = con.execute("from raw.trips").fetchall()
    with duckdb.connect() as con:
        con.execute(JOURNEYS)
        con.executemany("insert into journeys values (?, ?, ?, ?, ?)", trips)
        same(con.execute(inline).fetchall(), wanted(root))


def test_another_dialect_needs_inline(root: Path) -> None:
    outcome = sql(root, "late-flights", "--dialect", "postgres", code=2)
    assert "stands for itself" in outcome.err and "--inline" in outcome.err
    written = sql(root, "late-flights", "--dialect", "postgres", "--inline").out
    assert "DOUBLE PRECISION" in written


def test_what_cannot_be_compiled_says_which_step_and_why(root: Path) -> None:
    why = Uncompiled("columns / number", "`Own` is not among what can be compiled")
    add_bundle(root, "odd", uncompiled=why)
    outcome = sql(root, "odd", code=2)
    assert "`columns / number`: `Own` is not among what can be compiled" in outcome.err


def test_words_that_are_not_understood(root: Path) -> None:
    assert "there is no model `nothing`" in sql(root, "nothing", code=2).err
    assert "raw.trips" in sql(root, "late-flights", "--inline", "--table", "raw.trips", code=2).err
