"""From a log and labels to alerts and a line on the model, by the real steps and commands."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models.bundle.record import Version
from analysis.monitoring.stored.measured import read_measured
from analysis.project import find_project
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import Outcome, analysis, snapshot, write_project
from tests.monitoring.logs import label, line, write_labels, write_segment

MODEL = "late-flights"
MONITORS = """\
late-flights:
  least: 20
  rules:
    - {name: calibration, metric: observed_expected, below: 0.5, above: 1.5, severity: act}
    - {name: missing, metric: nulls, of: "*", above: 0.5}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a champion, and rules."""
    root = write_project(tmp_path, {"data/monitors.yml": MONITORS})
    stage(root, add_bundle(root), "champion")
    return root


def champion(root: Path) -> Version:
    """Give the version that answers."""
    from analysis.models.registry.registry import open_registry

    found = open_registry(find_project(root)).at_stage(MODEL, "champion")
    assert found is not None
    return found


def log(root: Path, month: int, share: float, rows: int = 60) -> None:
    """Log predictions of a month, and hand in labels of which ``share`` are true.

    All are predicted with 0.3.
    """
    draw, version = random.Random(month), champion(root).id
    told, known = list[dict[str, Any]](), list[dict[str, Any]]()
    for number in range(rows):
        time = datetime(2024, month, 1, tzinfo=UTC) + timedelta(hours=10 * number)
        request = f"{month}-{number}"
        inputs = {"wind": draw.uniform(5, 40), "hour": 7, "holiday": False, "carrier": "AA"}
        outputs = {"prediction": False, "probability": 0.3}
        told.append(
            line(
                request,
                0,
                time.replace(tzinfo=None),
                version=version,
                key={"id": number},
                inputs=inputs,
                outputs=outputs,
            )
        )
        came = "true" if number < share * rows else "false"
        known.append(label(came, time.replace(tzinfo=None), request=request, row=0))
    write_segment(root / f"data/predictions/{MODEL}/{month:02}.jsonl", told)
    write_labels(root / f"data/labels/{MODEL}/{month:02}.parquet", known)


def update(root: Path) -> Outcome:
    """Bring monitoring up to date."""
    done = analysis(root, "monitor", "update")
    assert done.code == 0, done.err
    return done


def test_a_month_that_is_off_opens_an_alert(root: Path) -> None:
    """It is counted, measured, judged and told; the month after it ends it."""
    log(root, 1, 0.3)
    log(root, 2, 0.7)
    done = analysis(root, "monitor", "check")
    assert done.code == 1, done.out + done.err
    assert "OPEN" in done.out
    (alert,) = json.loads(analysis(root, "monitor", "alerts", "--json").out)["alerts"]
    assert (alert["rule"], alert["period"]) == ("calibration", "2024-02")
    assert alert["value"] == pytest.approx(0.7 / 0.3)
    told = json.loads((root / f"data/monitoring/{MODEL}/monitor.json").read_text())
    assert (told["rows"], told["labelled"], told["status"]) == (120, 120, "act")
    assert (told["begin"], told["task"]) == ("2024-01-01", "binary")
    log(root, 3, 0.3)
    over = analysis(root, "monitor", "check")
    assert over.code == 0, over.out + over.err
    assert "no alert is open" in over.out


def test_nothing_new_writes_nothing(root: Path) -> None:
    """Also through `analysis publish`, whose pages then stay."""
    log(root, 1, 0.3)
    assert "measured" in update(root).out
    before = snapshot(root, "data")
    assert "as before" in update(root).out
    assert snapshot(root, "data") == before


def test_counts_outlive_the_log(root: Path) -> None:
    """A fresh clone has neither log nor labels, and tells the same."""
    log(root, 1, 0.3)
    update(root)
    project = find_project(root)
    numbers = read_measured(project, MODEL)
    assert {one.metric for one in numbers} >= {"rows", "observed_expected", "psi", "nulls"}
    for folder in ("data/predictions", "data/labels", ".analysis"):
        for file in sorted((root / folder).rglob("*"), reverse=True):
            if file.is_file():
                file.unlink()
    before = snapshot(root, "data/monitoring")
    assert "as before" in update(root).out
    assert snapshot(root, "data/monitoring") == before
    assert read_measured(project, MODEL) == numbers


def test_old_rows_go_and_their_counts_stay(root: Path) -> None:
    """As `retain` says; numbers are those of before."""
    log(root, 1, 0.3)
    update(root)
    numbers = read_measured(find_project(root), MODEL)
    declared = MONITORS.replace("least: 20", "least: 20\n  retain: 30d")
    write_project(root, {"data/monitors.yml": declared})
    assert "older than 30 days were removed" in update(root).out
    assert "removed" not in update(root).out
    kept = [path for path in (root / f"data/predictions/{MODEL}").iterdir() if path.is_file()]
    assert not any(path.suffix == ".jsonl" for path in kept)
    assert read_measured(find_project(root), MODEL) == numbers
