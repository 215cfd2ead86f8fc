"""`data/monitors.yml` becomes frozen values; each mistake is told with its line and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import Location, ProjectError
from analysis.models.registry.registry import open_registry
from analysis.monitoring.declared.file import monitor_of, read_monitors
from analysis.monitoring.declared.fitting import check_fit
from analysis.monitoring.declared.record import Monitor, Segment
from analysis.project import find_project
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import write_project

WHOLE = """\
late-flights:
  title: Late arrivals
  time: hour
  period: week
  reference: season
  threshold: 0.3
  labels: {wait: 36h}
  retain: 26w
  least: 50
  segments: [carrier, {column: wind, edges: [5, 10]}]
  notify: $ALERTS
  rules:
    - name: calibration
      metric: observed_expected
      below: 0.8
      above: 1.25
      severity: act
      who: data team
      why: promises break
    - {name: inputs, metric: psi, of: "*", above: 2, against: floor, patience: 2 of 3, least: 9}
other: {}
"""


def read(root: Path, text: str) -> dict[str, Monitor]:
    """Read a file with this text."""
    write_project(root, {"data/monitors.yml": text})
    return dict(read_monitors(find_project(root)).monitors)


def mistake(root: Path, text: str) -> str:
    """Say what reading a file with this text tells a user."""
    with pytest.raises(ProjectError) as told:
        read(root, text)
    return str(told.value)


def test_all_that_is_declared_is_read(tmp_path: Path) -> None:
    """Every key arrives; what is not written has its default."""
    monitors = read(tmp_path, WHOLE)
    late, (calibration, inputs) = monitors["late-flights"], monitors["late-flights"].rules
    assert (late.title, late.time, late.period, late.reference) == (
        "Late arrivals",
        "hour",
        "week",
        "season",
    )
    assert (late.threshold, late.wait_days, late.retain_days, late.least) == (0.3, 1.5, 182, 50)
    assert late.segments == (Segment("carrier"), Segment("wind", (5.0, 10.0)))
    assert late.notify == ("$ALERTS",)
    assert (calibration.below, calibration.above, calibration.against) == (0.8, 1.25, "value")
    assert (calibration.k, calibration.n, calibration.least) == (1, 1, 50)
    assert (calibration.who, calibration.why) == ("data team", "promises break")
    assert (inputs.of, inputs.k, inputs.n, inputs.least) == ("*", 2, 3, 9)
    assert (inputs.severity, inputs.against) == ("watch", "floor")
    assert calibration.where == Location("data/monitors.yml", 13)
    assert monitors["other"] == Monitor("other", where=Location("data/monitors.yml", 21))


def test_a_model_that_is_not_declared_has_defaults(tmp_path: Path) -> None:
    """Without the file, and without the model in it."""
    project = find_project(write_project(tmp_path, {}))
    assert monitor_of(project, "x") == Monitor("x")
    write_project(tmp_path, {"data/monitors.yml": "# nothing yet\n"})
    assert read_monitors(project).monitors == {}


RULE = "m:\n  rules:\n    - {{name: a, {0}}}\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- a\n", 1, "not a mapping of models"),
        ("1: {}\n", 1, "no text"),
        ("Late: {}\n", 1, "cannot be the name of a model"),
        ("m:\n  treshold: 1\n", 2, "did you mean `threshold`?"),
        ("m:\n  period: months\n", 2, "did you mean `month`?"),
        ("m:\n  threshold: 1.5\n", 2, "less than or equal to 1"),
        ("m:\n  least: 0\n", 2, "greater than or equal to 1"),
        ("m:\n  labels: {wait: 2 days}\n", 2, "such as `2d`"),
        ("m:\n  retain: 2h\n", 2, "a day at least"),
        ("m:\n  segments: [a, a]\n", 2, "stands here twice"),
        ("m:\n  segments:\n  - {column: a, edges: [2, 1]}\n", 3, "edges go upwards"),
        ("m:\n  notify: ['']\n", 2, "this address is empty"),
        (RULE.format("metric: brier"), 3, "no limit"),
        (RULE.format("metric: bier, above: 1"), 3, "did you mean `brier`?"),
        (RULE.format("metric: brier, above: .nan"), 3, "finite number"),
        (RULE.format("metric: brier, below: 2, above: 1"), 3, "always fires"),
        (RULE.format("metric: brier, above: 1, patience: 3 of 2"), 3, "`2 of 3`"),
        (RULE.format("metric: brier, above: 1, severity: acts"), 3, "did you mean `act`?"),
        (RULE.format("metric: brier, above: 1, against: floor"), 3, "no floor for `brier`"),
        (RULE.format("metric: psi, of: '*', below: 1, against: floor"), 3, "what chance gives"),
        (RULE.format("metric: rows, below: 1, against: reference"), 3, "has no reference"),
        (RULE.format("metric: psi, above: 1"), 3, "is of a field"),
        (RULE.format("metric: brier, of: wind, above: 1"), 3, "write `of: segment:COLUMN`"),
        (RULE.format("metric: auc, of: '*', above: 1"), 3, "is of all rows"),
        (RULE.format("metric: psi, of: 'segment:a', above: 1"), 3, "not told of segments"),
        (RULE.format("metric: brier, of: 'segment:a', above: 1"), 3, "no segment `a`"),
        (
            RULE.format("metric: brier, above: 1") + "    - {name: a, metric: auc, below: 1}\n",
            4,
            "give each rule a name of its own",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    """A user sees where it stands and what to write."""
    told = mistake(tmp_path, text)
    assert told.startswith(f"data/monitors.yml:{line}: ")
    assert said in told


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("late-flihts: {}\n", 1, "did you mean `late-flights`?"),
        ("late-flights:\n  time: ours\n", 2, "did you mean `hour`?"),
        ("late-flights:\n  segments: [carier]\n", 2, "did you mean `carrier`?"),
        (
            "late-flights:\n  rules:\n  - {name: a, metric: psi, of: wnd, above: 1}\n",
            3,
            "did you mean `wind`?",
        ),
        (
            "late-flights:\n  rules:\n  - {name: a, metric: ab_difference, of: oc, above: 1}\n",
            3,
            "there is no metric `oc`",
        ),
    ],
)
def test_what_no_model_has_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    """Models, fields and columns of the key are known from the versions."""
    read(tmp_path, text)
    add_bundle(tmp_path)
    project = find_project(tmp_path)
    with pytest.raises(ProjectError) as told:
        check_fit(read_monitors(project), open_registry(project))
    assert str(told.value).startswith(f"data/monitors.yml:{line}: ")
    assert said in str(told.value)


def test_what_models_have_fits(tmp_path: Path) -> None:
    """A whole file, and a model of which only a log is left."""
    read(tmp_path, WHOLE)
    add_bundle(tmp_path)
    project = find_project(tmp_path)
    check_fit(read_monitors(project), open_registry(project), {"other"})


def test_rules_know_the_metrics_that_are_measured() -> None:
    """Each that is a number of its own, and whether only rows with a label count for it."""
    from analysis.monitoring.declared.metrics import METRICS
    from analysis.monitoring.metrics.registry import METRICS as MEASURED

    curves = {"calibration_observed", "calibration_expected"}
    measured = {one.name: one.labelled for one in MEASURED if one.name not in curves}
    beside = {"consequence", "ab_difference", "ab_better", "ab_needed"}
    assert set(METRICS) == set(measured) | beside
    assert {name: METRICS[name].labels for name in measured} == measured


def test_every_key_and_every_metric_is_documented() -> None:
    """In docs/monitoring.md, as they are written in the file."""
    from analysis.monitoring.declared.metrics import METRICS
    from analysis.monitoring.declared.specs import MonitorSpec, RuleSpec

    text = (Path(__file__).parents[2] / "docs/monitoring.md").read_text()
    keys = {*MonitorSpec.model_fields, *RuleSpec.model_fields, *METRICS}
    assert [key for key in sorted(keys) if f"`{key}" not in text] == []
