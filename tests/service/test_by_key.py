"""Rows by key: their features come from the warehouse, and the same is predicted of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.models.bundle.record import KeyField
from tests.helpers.bundle_pipelines import fitted, outputs_of
from tests.helpers.projects import analysis, write_project
from tests.helpers.serving import Server, serving
from tests.service.conftest import project_of

SOURCES = """\
sources:
  trips:
    description: Trips
    kind: csv
    path: trips.csv
    update: fixed
    columns: {id: INTEGER, left_at: TIMESTAMP, hour: INTEGER, wind: DOUBLE, holiday: BOOLEAN,
              carrier: VARCHAR}
"""
ROWS = """\
id,left_at,hour,wind,holiday,carrier
1,2013-01-01 05:00:00,8,12.5,true,AA
2,2013-01-01 06:30:00,17,,false,UA
3,2013-01-02 05:00:00,,20,,
4,2013-01-03 05:00:00,3,900,true,ZZ
"""
SAMPLE = "/*\ndescription: {}\nkey: [id, left_at]\n*/\nselect id, left_at, hour from raw.trips {}\n"
FEATURE = "/*\ndescription: {}\nkey: [id]\n*/\nselect id, {} from raw.trips\n"
FILES = {
    "data/sources.yml": SOURCES,
    "trips.csv": ROWS,
    "data/sql/samples/trips.sql": SAMPLE.format("Trips.", "where id < 5"),
    "data/sql/samples/early.sql": SAMPLE.format("Early ones.", "where hour(left_at) = 5"),
    "data/sql/features/weather.sql": FEATURE.format("Weather.", "wind"),
    "data/sql/features/plan.sql": FEATURE.format("Plan.", "holiday, carrier"),
}
KEYS = [
    {"id": 1, "left_at": "2013-01-01T05:00:00"},
    {"id": 2, "left_at": "2013-01-01 06:30:00"},
    {"id": 3, "left_at": "2013-01-02 05:00:00"},
]
INPUTS = [
    {"wind": 12.5, "hour": 8, "holiday": True, "carrier": "AA"},
    {"wind": None, "hour": 17, "holiday": False, "carrier": "UA"},
    {"wind": 20.0, "hour": None, "holiday": None, "carrier": None},
]
PATH = "/predict/by-key"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a warehouse, and a model of its rows."""
    root = tmp_path_factory.mktemp("by-key") / "project"
    key = (KeyField("id", "INTEGER"), KeyField("left_at", "TIMESTAMP"))
    project_of(root, key=key)
    write_project(root, FILES)
    done = analysis(root, "ingest")
    assert done.code == 0, done.err
    return root


@pytest.fixture(scope="module")
def keyed(warehouse: Path) -> Iterator[Server]:
    """Give a server of that model."""
    with serving(warehouse) as running:
        yield running


def test_as_if_sent(keyed: Server) -> None:
    """In any order, and twice, a key has the prediction of its row."""
    expected = outputs_of(fitted("binary"), "binary", INPUTS)
    for order in ([0, 1, 2], [2, 0, 2, 1, 1]):
        response = keyed.post([KEYS[place] for place in order], PATH)
        assert response.status_code == 200, response.text
        assert response.json()["probability"] == pytest.approx(
            [expected[place]["probability"] for place in order], abs=1e-12
        )
    assert keyed.post(KEYS[0], PATH).json() == keyed.post([INPUTS[0]]).json()


def test_unknown_keys(keyed: Server) -> None:
    """Keys that no row has are named; so is one that is of another sample."""
    keys = [KEYS[0], {**KEYS[1], "id": 77}, {"id": 1, "left_at": "1999-01-01"}]
    response = keyed.post(keys, PATH)
    assert response.status_code == 404
    details = response.json()["detail"]
    assert [detail["loc"] for detail in details] == [["body", 1], ["body", 2]]
    assert details[0]["msg"] == "there is no row with the key id 77, left_at 2013-01-01 06:30:00"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"id": "1"}, "id"),
        ({"id": 1.0}, "id"),
        ({"id": True}, "id"),
        ({"id": None}, "id"),
        ({"id": 10**30}, "id"),
        ({"id": [1]}, "id"),
        ({"left_at": "1'; drop table x; --"}, "left_at"),
        ({"left_at": "x\x00y"}, "left_at"),
        ({"left_at": 20130101}, "left_at"),
    ],
)
def test_keys_of_another_type(keyed: Server, changed: dict[str, object], field: str) -> None:
    """A value that is not of its column's type is named."""
    response = keyed.post([KEYS[0], {**KEYS[0], **changed}], PATH)
    assert response.status_code == 422, response.text
    detail = response.json()["detail"][0]
    assert detail["loc"] == ["body", 1, field]
    assert detail["type"] == "type"


def test_wrong_shape(keyed: Server) -> None:
    """A key lacks no column and has no others."""
    for body, kind in (([{"id": 1}], "missing"), ([{**KEYS[0], "x": 1}], "unknown"), ([], "empty")):
        response = keyed.post(body, PATH)
        assert response.status_code == 422
        assert response.json()["detail"][0]["type"] == kind


def test_row_that_the_model_does_not_take(keyed: Server) -> None:
    """A row of the warehouse is checked like one that is sent."""
    response = keyed.post([{"id": 4, "left_at": "2013-01-03 05:00:00"}], PATH)
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", 0, "wind"]


def test_other_sample(warehouse: Path) -> None:
    """Another sample has other rows."""
    with serving(warehouse, "--sample", "early") as server:
        assert server.post([KEYS[0]], PATH).status_code == 200
        assert server.post([KEYS[1]], PATH).status_code == 404


def test_warehouse_that_is_built_anew(tmp_path: Path) -> None:
    """Without a warehouse it is said so; one that is built anew is seen by the next request."""
    root = project_of(tmp_path, key=(KeyField("id", "INTEGER"), KeyField("left_at", "TIMESTAMP")))
    write_project(root, FILES)
    with serving(root) as server:
        missing = server.post(KEYS, PATH)
        assert missing.status_code == 503
        assert missing.json()["detail"][0]["type"] == "warehouse"
        assert analysis(root, "ingest").code == 0
        before = server.post([KEYS[0]], PATH).json()
        (root / "trips.csv").write_text(ROWS.replace("12.5", "59.5"))
        assert analysis(root, "ingest", "--accept").code == 0
        after = server.post([KEYS[0]], PATH)
        assert after.status_code == 200, after.text
        assert after.json() != before
        assert after.json() == server.post([{**INPUTS[0], "wind": 59.5}]).json()
        _, errors = server.end()
    (line,) = errors.splitlines()
    why = line.removeprefix("rows cannot be looked up: ")
    assert why and why != line and why not in missing.text
