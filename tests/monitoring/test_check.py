"""`analysis monitor check` and what belongs to it, as a scheduler and an analyst meet it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.monitoring.stored.measured import write_measured
from analysis.project import find_project
from tests.helpers.alerting import month, months
from tests.helpers.death import killed
from tests.helpers.hooks import web_hook
from tests.helpers.projects import analysis, snapshot, write_project

MODEL = "late-flights"
MONITORS = """\
late-flights:
  title: Late arrivals
  notify: [$ALERTS]
  rules:
    - {name: calibration, metric: observed_expected, below: 0.8, above: 1.25, severity: act,
       who: data team, why: promises break}
    - {name: inputs, metric: psi, of: "*", above: 2, against: floor}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with rules, whose numbers tests write themselves."""
    return write_project(tmp_path, {"data/monitors.yml": MONITORS})


def measured(root: Path, values: Sequence[float | None], drift: float = 0.1) -> None:
    """Write the numbers of months, as if they had just been measured."""
    fields = [
        month(len(values), value, metric="psi", of=of, floor=0.2)
        for of, value in (("wind", 0.1), ("hour", drift))
    ]
    write_measured(find_project(root), MODEL, [*months(values), *fields])


def test_a_check_where_all_rules_hold(root: Path) -> None:
    """A row a rule, and the exit code that a scheduler takes for good."""
    measured(root, [1.0, 1.1])
    done = analysis(root, "monitor", "check")
    assert (done.code, done.err) == (0, "")
    lines = [line.split() for line in done.out.splitlines()]
    assert lines[0] == ["model", "rule", "of", "severity", "period", "value", "limit", "state"]
    assert lines[1] == [MODEL, "calibration", "all", "act", "2013-02", "1.1", "1.25", "ok"]
    assert lines[2] == [MODEL, "inputs", "2", "others", "watch", "2013-02", "ok"]
    assert done.out.endswith("no alert is open\n")


def test_a_check_that_fires_says_what_and_ends_with_1(root: Path) -> None:
    """It tells whom it should, once; and again with 1 until somebody says that they know."""
    with web_hook() as hook:
        measured(root, [1.0, 1.5], drift=0.9)
        first = analysis(root, "monitor", "check", ALERTS=hook.url)
        assert (first.code, first.err) == (1, "")
        assert "2 alerts are open" in first.out
        again = analysis(root, "monitor", "check", ALERTS=hook.url)
        assert (again.code, again.out) == (1, first.out)
        assert [post["title"] for post in hook.posts] == ["Late arrivals: 2 alerts open"]
    listed = json.loads(analysis(root, "monitor", "alerts", "--json").out)["alerts"]
    assert sorted((one["rule"], one["of"]) for one in listed) == [
        ("calibration", ""),
        ("inputs", "hour"),
    ]
    for one in listed:
        said = analysis(root, "monitor", "acknowledge", one["alert"][:4], "--why", "storm")
        assert said.code == 0, said.err
    quiet = analysis(root, "monitor", "check", "--no-notify")
    assert quiet.code == 0, quiet.out
    assert "2 alerts are open, 2 of them acknowledged" in quiet.out


@pytest.mark.parametrize(
    ("module", "name", "when", "posts"),
    [
        ("analysis.cli.monitor.telling", "tell_all", "before", 1),
        ("analysis.cli.monitor.telling", "tell", "after", 1),
        # Nobody can know whether what was sent a moment ago arrived.
        ("analysis.cli.monitor.telling", "send", "after", 2),
    ],
)
def test_killed_while_telling(
    root: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, when: str, posts: int
) -> None:
    """Each event is told, and not again once it is kept that it was; the id is the same always."""
    measured(root, [1.0, 1.5])
    with web_hook() as hook:
        monkeypatch.setenv("ALERTS", hook.url)
        killed(root, module, name, when, "monitor", "check")
        for _ in range(2):
            assert analysis(root, "monitor", "check").code == 1
        assert len(hook.posts) == posts
        assert len({post["message"] for post in hook.posts}) == 1


def test_an_alert_that_is_over(root: Path) -> None:
    """It is kept, listed with `--all`, and its end is told."""
    with web_hook() as hook:
        measured(root, [1.0, 1.5])
        analysis(root, "monitor", "check", ALERTS=hook.url)
        measured(root, [1.0, 1.5, 1.0])
        done = analysis(root, "monitor", "check", ALERTS=hook.url)
        assert done.code == 0, done.err
        assert hook.posts[-1]["title"] == "Late arrivals: 1 alert over"
    assert "no alert is open" in analysis(root, "monitor", "alerts").out
    past = analysis(root, "monitor", "alerts", "--all").out
    assert "Observed over expected was 1.5 in 2013-02, above 1.25" in past
    (alert,) = json.loads(analysis(root, "monitor", "alerts", "--all", "--json").out)["alerts"]
    late = analysis(root, "monitor", "acknowledge", alert["alert"], "--why", "storm")
    assert late.code == 2
    assert "is over since" in late.err


def test_who_cannot_be_told_changes_no_exit_code(root: Path) -> None:
    """It is said on standard error, without the address, and tried again."""
    measured(root, [1.0])
    assert analysis(root, "monitor", "check").code == 0
    measured(root, [1.0, 1.5])
    url = "json://127.0.0.1:1/s3cr3t"
    failed = analysis(root, "monitor", "check", ALERTS=url)
    assert failed.code == 1
    assert "data/monitors.yml:1: $ALERTS could not be told of alerts" in failed.err
    assert "s3cr3t" not in failed.out + failed.err
    unset = analysis(root, "monitor", "check")
    assert "the environment variable ALERTS is not set" in unset.err
    measured(root, [1.0, 1.5, 1.0])
    with web_hook() as hook:
        over = analysis(root, "monitor", "check", ALERTS=hook.url)
        assert (over.code, over.err) == (0, "")
        assert [post["title"] for post in hook.posts] == ["Late arrivals: 1 alert came and went"]


def test_nothing_is_written_where_nothing_is_new(root: Path) -> None:
    """Also not what tells of the status."""
    measured(root, [1.0, 1.5])
    analysis(root, "monitor", "check", "--no-notify")
    before = snapshot(root, "data/monitoring")
    assert {path.rpartition("/")[2] for path in before} >= {
        *("alerts.json", "measured.parquet", "monitor.json")
    }
    assert analysis(root, "monitor", "check", "--no-notify").code == 1
    assert analysis(root, "monitor", "update").code == 0
    assert snapshot(root, "data/monitoring") == before


def test_a_model_that_cannot_be_checked_stops_no_other(root: Path) -> None:
    """It is named, and the exit code says that something was not done."""
    measured(root, [1.0, 1.1])
    text = f"{MONITORS}broken: {{}}\n"
    write_project(
        root,
        {
            "data/monitors.yml": text,
            "data/monitoring/broken/alerts.json": b"<<<<<<< HEAD",
            "data/monitoring/broken/monitor.json": b"{",
        },
    )
    done = analysis(root, "monitor", "check")
    assert done.code == 1
    assert "error: data/monitoring/broken/alerts.json:1: this alert is damaged" in done.err
    assert f"{MODEL}  calibration" in done.out
    assert analysis(root, "monitor", "check", MODEL).code == 0


def test_mistakes_of_a_user(root: Path) -> None:
    """Names that are not known, a file that is wrong, and a project without anything to watch."""
    measured(root, [1.0, 1.5])
    wrong = analysis(root, "monitor", "check", "late-flihgts")
    assert (wrong.code, "did you mean `late-flights`?" in wrong.err) == (2, True)
    analysis(root, "monitor", "update")
    none = analysis(root, "monitor", "acknowledge", "zzz", "--why", "x")
    assert (none.code, "there is no alert `zzz`" in none.err) == (2, True)
    (alert,) = json.loads(analysis(root, "monitor", "alerts", "--json").out)["alerts"]
    silent = analysis(root, "monitor", "acknowledge", alert["alert"], "--why", " ")
    assert (silent.code, "there is no reason" in silent.err) == (2, True)
    write_project(root, {"data/monitors.yml": MONITORS.replace("psi", "psy")})
    mistake = analysis(root, "monitor", "check")
    assert mistake.code == 2
    assert "data/monitors.yml:7: there is no metric `psy`" in mistake.err
    assert "Traceback" not in mistake.err


def test_a_project_without_models(tmp_path: Path) -> None:
    """There is nothing to do, and nothing wrong."""
    root = write_project(tmp_path, {})
    for command, said in (
        ("update", "no model is monitored"),
        ("check", "no rule is declared"),
        ("alerts", "no alert is open"),
    ):
        done = analysis(root, "monitor", command)
        assert (done.code, said in done.out) == (0, True), done.err
    assert not (root / "data").exists()
