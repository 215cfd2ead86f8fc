"""Labels, counts and forgetting together, as users call them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.helpers.bundles import add_bundle
from tests.helpers.projects import Outcome, analysis, write_project
from tests.monitoring.logs import line, write_segment

_MODEL = "late-flights"
_TODAY = datetime.now(UTC).replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)
_INPUTS = {"wind": 12.5, "hour": 8, "holiday": True, "carrier": "AA"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with predictions of three keys on two days, and a torn line."""
    root = write_project(tmp_path / "project", {})
    version = add_bundle(root)
    told: dict[str, Any] = {"inputs": _INPUTS, "version": version.id}
    told["outputs"] = {"prediction": True, "probability": 0.75}
    lines = [
        line(f"r{age}-{id}", 0, _TODAY - timedelta(days=age), key={"id": id}, **told)
        for age in (40, 2)
        for id in (1, 2, 3)
    ]
    path = write_segment(root / f"data/predictions/{_MODEL}/a.jsonl", lines)
    path.write_text(path.read_text() + '{"time": "2026-0')
    return root


def monitor(root: Path, *arguments: str) -> Outcome:
    """Call a command, which ends well."""
    done = analysis(root, "monitor", *arguments)
    assert done.code == 0, done
    return done


def told(root: Path) -> dict[str, Any]:
    """Give what is told of the model."""
    text = (root / f"data/monitoring/{_MODEL}/monitor.json").read_text()
    found: dict[str, Any] = json.loads(text)
    return found


def counts(root: Path) -> list[tuple[int, int, int]]:
    """Give the age of each day, its rows, and those with a label."""
    files = f"{root}/data/monitoring/{_MODEL}/cells/*.parquet"
    with duckdb.connect() as con:
        rows = con.execute(
            f"select day, sum(rows), sum(labelled) from read_parquet('{files}') "
            "where origin = 'production' and field = '' group by day order by day"
        ).fetchall()
    return [((_TODAY.date() - day).days, int(rows_), int(labels)) for day, rows_, labels in rows]


def test_forgotten_rows_count_no_more(root: Path) -> None:
    """Nor do their labels."""
    (root / "labels.csv").write_text("id,label\n1,true\n2,false\n")
    monitor(root, "labels", _MODEL, "labels.csv")
    monitor(root, "update", _MODEL)
    assert counts(root) == [(40, 3, 2), (2, 3, 2)]
    assert any("1 line of the log is torn" in note for note in told(root)["notes"])
    monitor(root, "forget", _MODEL, "--key", "id=1")
    monitor(root, "update", _MODEL)
    assert counts(root) == [(40, 2, 1), (2, 2, 1)]
    assert (told(root)["rows"], told(root)["labelled"]) == (4, 2)
    retained = json.loads((root / f"data/monitoring/{_MODEL}/retained.json").read_text())
    assert retained == {"kept_from": None, "recount": []}


def test_counts_of_days_that_are_too_old_stay(root: Path) -> None:
    """Their rows go with the update that has counted them; what comes later for them is left."""
    (root / "data/monitors.yml").write_text(f"{_MODEL}: {{retain: 30d}}\n")
    (root / "labels.csv").write_text("id,label\n1,true\n")
    monitor(root, "labels", _MODEL, "labels.csv")
    monitor(root, "update", _MODEL)
    assert counts(root) == [(40, 3, 1), (2, 3, 1)]
    files = f"{root}/data/predictions/{_MODEL}/*.parquet"
    assert len(duckdb.sql(f"from read_parquet('{files}')")) == 3
    (root / "labels.csv").write_text("id,label\n2,true\n")
    monitor(root, "labels", _MODEL, "labels.csv")
    monitor(root, "update", _MODEL)
    assert counts(root) == [(40, 3, 1), (2, 3, 2)]
    monitor(root, "forget", _MODEL, "--key", "id=3")
    monitor(root, "update", _MODEL)
    assert counts(root) == [(40, 3, 1), (2, 2, 2)]
