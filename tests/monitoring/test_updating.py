"""Bringing models up to date: what is new is written, and no failure stops others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.errors import ProjectError
from analysis.models.registry.registry import Registry, open_registry
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.stored.record import Measurement
from analysis.monitoring.updating.mark import is_seen
from analysis.monitoring.updating.monitorfile import read_line
from analysis.monitoring.updating.steps import Counted, Steps
from analysis.monitoring.updating.update import Update, Updated
from analysis.monitoring.updating.watched import watched
from analysis.project import Project, find_project
from tests.helpers.alerting import at, monitor, months, rule
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import analysis, snapshot, write_project

MODEL = "late-flights"


@dataclass
class Given:
    """Steps that give what a test says, and note what was asked of them."""

    values: Sequence[float | None] = (1.0, 1.0)
    notes: tuple[str, ...] = ()
    broken: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def steps(self) -> Steps:
        """Give them as the steps that an update takes."""
        return Steps(self.count, self.measure, self.retain)

    def count(
        self, project: Project, registry: Registry, watched: Monitor, now: datetime
    ) -> Counted:
        """Count what the log says, as far as it is not broken."""
        if watched.model == self.broken:
            raise ProjectError("this log is broken")
        self.asked.append(f"count {watched.model}")
        span = {"begin": date(2013, 1, 1), "finish": date(2013, 2, 28)}
        return Counted(**span, rows=2000, labelled=1900, duplicates=3, notes=self.notes)

    def measure(
        self, project: Project, registry: Registry, watched: Monitor, now: datetime
    ) -> Sequence[Measurement]:
        """Give the values of months."""
        self.asked.append(f"measure {watched.model}")
        return [replace(one, model=watched.model) for one in months(self.values)]

    def retain(
        self, project: Project, registry: Registry, watched: Monitor, now: datetime
    ) -> Sequence[str]:
        """Remove nothing."""
        self.asked.append(f"retain {watched.model}")
        return ()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a log of one model."""
    files = {f"data/predictions/{MODEL}/a.jsonl": "{}\n"}
    return find_project(write_project(tmp_path, files))


def updated(project: Project, given: Given, *monitors: Monitor, day: int = 1) -> Updated:
    """Bring models up to date; give what became of the first."""
    update = Update(project, open_registry(project), at(day), given.steps)
    return update.all(monitors or (monitor(),), lambda model: None)[0]


def stale(project: Project, day: int = 1, watching: Monitor | None = None) -> bool:
    """Say whether a model would be brought up to date before pages are planned."""
    return not is_seen(project, watching or monitor(), at(day))


def test_a_line_says_how_the_model_does(project: Project) -> None:
    """What was counted, of which task it is, and the reason for its status."""
    add_bundle(project.root)
    done = updated(project, Given(values=(1.0, 1.5), notes=("clock jumped",)))
    line = read_line(project, MODEL)
    assert line == done.line
    assert line is not None
    assert (line.task, line.rows, line.labelled, line.duplicates) == ("binary", 2000, 1900, 3)
    assert (line.begin, line.notes) == (date(2013, 1, 1), ("clock jumped",))
    assert line.status == "act"
    assert line.reason == "Observed over expected was 1.5 in 2013-02, above 1.25."


def test_nothing_is_measured_or_written_if_nothing_is_new(project: Project) -> None:
    """Numbers follow from counts, versions and what is declared; rules change none of them."""
    given = Given()
    assert updated(project, given).measured
    before = snapshot(project.root, "data/monitoring")
    assert not updated(project, given, day=2).measured
    assert snapshot(project.root, "data/monitoring") == before
    strict = monitor(rule(above=0.9))
    assert not updated(project, given, strict, day=3).measured
    line = read_line(project, MODEL)
    assert line is not None and line.status == "act"
    assert updated(project, given, replace(strict, threshold=0.7), day=4).measured
    write_project(project.root, {f"data/monitoring/{MODEL}/cells/2013-01.parquet": "other"})
    assert updated(project, given, replace(strict, threshold=0.7), day=5).measured


def test_a_new_version_or_stage_gives_new_numbers(project: Project) -> None:
    """A reference, or who is the champion, is another one."""
    given = Given()
    updated(project, given)
    version = add_bundle(project.root)
    assert updated(project, given).measured
    assert not updated(project, given).measured
    stage(project.root, version, "champion")
    assert updated(project, given).measured


def test_what_is_seen_is_not_looked_at_again(project: Project) -> None:
    """Files that grew, came or went, and what is declared, are seen without reading a log."""
    assert stale(project)
    updated(project, Given())
    assert not stale(project)
    assert stale(project, watching=monitor(rule(above=9.0)))
    log = project.root / f"data/predictions/{MODEL}/a.jsonl"
    log.write_text("{}\n{}\n")
    assert stale(project)
    updated(project, Given())
    write_project(project.root, {f"data/labels/{MODEL}/l.parquet": "x"})
    assert stale(project)
    updated(project, Given())
    log.unlink()
    assert stale(project)


def test_rows_become_too_old_by_the_day(project: Project) -> None:
    """Where rows are removed after some days, every day is new; else none is."""
    kept = monitor(retain_days=30)
    updated(project, Given(), kept)
    assert not stale(project, watching=kept)
    assert stale(project, day=2, watching=kept)
    updated(project, Given())
    assert not stale(project, day=2)


def test_a_model_that_fails_stops_no_other(project: Project) -> None:
    """It stays as it was, and the next one is brought up to date."""
    first, second = monitor(), replace(monitor(), model="other")
    updated(project, Given(), first, second)
    before = snapshot(project.root, f"data/monitoring/{MODEL}")
    given = Given(values=(1.0, 1.7), broken=MODEL)
    changed = replace(second, threshold=0.9)
    update = Update(project, open_registry(project), at(2), given.steps)
    failed, other = update.all((replace(first, threshold=0.9), changed), lambda model: None)
    assert failed.error is not None and failed.error.what == "this log is broken"
    assert other.line is not None and other.line.status == "act"
    assert given.asked == ["count other", "measure other", "retain other"]
    assert snapshot(project.root, f"data/monitoring/{MODEL}") == before


def test_a_folder_that_cannot_be_written(project: Project) -> None:
    """It is told like any other failure."""
    write_project(project.root, {f"data/monitoring/{MODEL}": "a file in its place"})
    done = updated(project, Given())
    assert done.error is not None
    assert "late-flights" in str(done.error)


def test_the_status_is_that_of_the_gravest_alert(project: Project) -> None:
    """And without any it is judged by its numbers."""
    watching = monitor(rule(severity="watch"), rule(name="b"))
    line = updated(project, Given(values=(1.5,)), watching).line
    assert line is not None
    assert line.status == "act"
    assert line.reason.endswith("And 1 more.")
    line = updated(project, Given(values=(1.0,)), monitor(threshold=0.9), day=2).line
    assert line is not None
    assert (line.status, line.reason[:19]) == ("watch", "No predictions yet:")


def test_numbers_that_are_damaged_are_measured_again(project: Project) -> None:
    """They follow from counts; alerts do not, and are kept."""
    updated(project, Given(values=(1.5,)))
    write_project(project.root, {f"data/monitoring/{MODEL}/measured.parquet": "torn"})
    done = updated(project, Given(values=(1.5,)), day=2)
    assert done.measured
    assert done.found is not None
    assert [one.opened for one in done.found.alerts] == ["2014-01-01T12:00:00Z"]


def test_every_model_with_a_log_is_watched(project: Project) -> None:
    """Declared or not; a name that is none is told with what was meant."""
    registry = open_registry(project)
    assert watched(project, registry) == (Monitor(MODEL),)
    write_project(project.root, {"data/monitoring/old/monitor.json": "{}"})
    assert [one.model for one in watched(project, registry)] == [MODEL, "old"]
    write_project(project.root, {"data/monitors.yml": f"{MODEL}:\n  period: day\n"})
    assert watched(project, registry, [MODEL])[0].period == "day"
    with pytest.raises(ProjectError, match="did you mean `old`"):
        watched(project, registry, ["odl"])
    write_project(project.root, {"data/monitors.yml": "new: {}\n"})
    with pytest.raises(ProjectError, match=r"data/monitors.yml:1: there is no model `new`"):
        watched(project, registry)


def test_an_acknowledged_alert_is_in_the_line(project: Project) -> None:
    """Who knows, and what they say, without counting anything."""
    write_project(
        project.root,
        {
            "data/monitors.yml": f"{MODEL}:\n  rules:\n"
            "  - {name: calibration, metric: observed_expected, above: 1.25, severity: act}\n"
        },
    )
    updated(project, Given(values=(1.0, 1.5)))
    (listed,) = json.loads(analysis(project.root, "monitor", "alerts", "--json").out)["alerts"]
    done = analysis(
        project.root, "monitor", "acknowledge", listed["alert"], "--why", "a strike", "--by", "Ann"
    )
    assert done.code == 0, done.err
    line = read_line(project, MODEL)
    assert line is not None
    assert line.status == "act"
    assert line.reason.endswith("Ann knows of it: a strike.")


def test_publishing_goes_on_whatever_is_wrong_with_monitoring(project: Project) -> None:
    """A mistake in the file is a warning, and the site is released."""
    write_project(
        project.root,
        {
            "index.qmd": "---\ntitle: Home\n---\n\nHello.\n",
            "data/monitors.yml": "late-flights: 3\n",
        },
    )
    done = analysis(project.root, "publish")
    assert done.code == 0, done.err
    assert "warning: data/monitors.yml:1: " in done.err
    assert "monitoring is as it last was" in done.err
    assert (project.root / "published/current/index.html").exists()


def test_a_moment_in_another_zone_is_kept_in_utc() -> None:
    """Two machines write the same."""
    from zoneinfo import ZoneInfo

    from analysis.monitoring.alerts.evaluating import written

    there = at(1).astimezone(ZoneInfo("America/New_York"))
    assert written(there) == written(at(1)) == "2014-01-01T12:00:00Z"
    assert written(there + timedelta(seconds=1)) > written(at(1))
