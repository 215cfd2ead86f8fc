"""A project with a warehouse of trips, whose model was trained on some of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from analysis.models.bundle.record import KeyField
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import analysis, write_project

SOURCES = """\
sources:
  trips:
    description: Trips
    kind: csv
    path: trips.csv
    update: fixed
    columns: {id: INTEGER, left_at: TIMESTAMP, hour: INTEGER, wind: DOUBLE, holiday: BOOLEAN,
              carrier: VARCHAR, late: BOOLEAN}
"""
SAMPLE = """\
/*
description: {}
key: [id, left_at]
target: late
*/
select id, left_at, hour{} from raw.trips where {}
"""
FEATURE = "/*\ndescription: {}\nkey: [id]\n*/\nselect id, {} from raw.trips\n"
TRIPS = 60


def trips() -> str:
    """Write trips as CSV: one each twelve hours from 2013-06-21, the newest first."""
    lines = []
    for id_ in range(1, TRIPS + 1):
        left = datetime(2013, 6, 21) + timedelta(hours=12 * id_)
        wind = "" if id_ % 7 == 0 else f"{id_ % 50}.5"
        # No range of training has 900.
        wind = "900" if id_ == 40 else wind
        carrier = ("AA", "UA", "ZZ")[id_ % 3]
        truths = f"{id_ % 2 == 0},{carrier},{id_ % 4 == 0}".replace("T", "t").replace("F", "f")
        lines.append(f"{id_},{left},{left.hour},{wind},{truths}")
    return "\n".join(["id,left_at,hour,wind,holiday,carrier,late", *reversed(lines)]) + "\n"


FILES = {
    "data/sources.yml": SOURCES,
    "trips.csv": trips(),
    "data/sql/samples/trips.sql": SAMPLE.format("Trips.", ", late", "left_at < '2013-07-01'"),
    "data/sql/samples/later.sql": SAMPLE.format("Later.", ", late", "left_at >= '2013-07-01'"),
    "data/sql/samples/open.sql": SAMPLE.format("Open.", "", "true").replace("target: late\n", ""),
    "data/sql/samples/short.sql": SAMPLE.format("Short.", ", late", "true")
    .replace("[id, left_at]", "id")
    .replace("left_at, ", ""),
    "data/sql/features/weather.sql": FEATURE.format("Weather.", "wind"),
    "data/sql/features/plan.sql": FEATURE.format("Plan.", "holiday, carrier"),
}


def trips_project(root: Path, **changed: object) -> Path:
    """Make the project, with a champion that takes the wind, the hour, holidays and the carrier."""
    write_project(root, FILES)
    key = (KeyField("id", "INTEGER"), KeyField("left_at", "TIMESTAMP"))
    stage(root, add_bundle(root, **{"key": key, **changed}), "champion")  # type: ignore[arg-type]
    done = analysis(root, "ingest")
    assert done.code == 0, done.err
    return root
