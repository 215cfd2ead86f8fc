"""`analysis monitor sql`: queries that are printed run in the warehouse, and give the values."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.monitoring.declared.metrics import METRICS as WATCHED
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.metrics.registry import METRICS
from analysis.project import find_project
from analysis.warehouse.connection import connect
from analysis.warehouse.ingest import ingest
from tests.helpers.monitored import MODEL, ask, count, random_rows, write_counts
from tests.helpers.projects import Outcome, analysis, write_project
from tests.warehouse.conftest import VISITS, VISITS_CSV

COUNTED = count(
    pd.concat([random_rows(200, origin="training", arm=None), random_rows(300, seed=2)])
)
FILES = {
    "data/sources.yml": VISITS,
    "data/raw/visits.csv": VISITS_CSV,
    "data/monitors.yml": f"{MODEL}:\n  period: week\n  threshold: 0.3\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a warehouse, a model that is monitored, and counts of it."""
    root = write_project(tmp_path_factory.mktemp("project"), FILES)
    ingest(find_project(root))
    write_counts(root, COUNTED)
    return root


def test_every_query_runs_in_the_warehouse(root: Path) -> None:
    """Over the live relations, as a page has them."""
    monitor = Monitor(MODEL, period="week", threshold=0.3)
    with connect(find_project(root)) as con:
        for metric in METRICS:
            told = con.execute(metric.sql(monitor, MODEL)).fetchall()
            want = ask(COUNTED, metric, monitor)
            assert len(told) == len(want), metric.name
            values = pd.Series([row[5] for row in told], dtype=float)
            assert values.to_numpy() == pytest.approx(
                want.value.to_numpy(float), rel=1e-9, nan_ok=True
            )


def sql(root: Path, *arguments: str) -> Outcome:
    """Run the command."""
    return analysis(root, "monitor", "sql", *arguments)


def test_the_command_prints_the_query(root: Path) -> None:
    """As the monitor says: by week; the model is the one that is declared."""
    told = sql(root, "brier")
    assert told.code == 0, told.err
    monitor = Monitor(MODEL, period="week", threshold=0.3)
    assert told.out == next(m for m in METRICS if m.name == "brier").sql(monitor, MODEL)
    assert "date_trunc('week', day)" in told.out
    assert sql(root, "brier", MODEL).out == told.out


def test_the_command_lists_metrics(root: Path) -> None:
    """All of them, by name."""
    told = sql(root, "--list")
    assert [line.split()[0] for line in told.out.splitlines()[1:]] == [m.name for m in METRICS]


def test_mistakes_are_told(root: Path) -> None:
    """A metric or a model that is not there, or none."""
    wrong = sql(root, "briar")
    assert wrong.code == 2
    assert "there is no metric `briar`" in wrong.err
    assert "did you mean `brier`?" in wrong.err
    other = sql(root, "brier", "early-flights")
    assert other.code == 2
    assert "there is no model `early-flights`" in other.err
    assert sql(root).code == 2


def test_rules_watch_metrics_that_there_are() -> None:
    """What a rule may name is a metric here, or follows from several of them."""
    from_several = {"consequence", "ab_difference", "ab_better", "ab_needed"}
    assert set(WATCHED) - {m.name for m in METRICS} == from_several
    for metric in METRICS:
        if metric.name in WATCHED:
            assert WATCHED[metric.name].labels == (metric.labelled and metric.name != "coverage")


def test_metrics_are_documented() -> None:
    """The table in docs/monitoring.md has each, with its source and what is rounded."""
    text = (Path(__file__).parents[2] / "docs/monitoring.md").read_text()
    for metric in METRICS:
        row = f"| `{metric.name}` | {metric.what} | {metric.source} | {metric.rounded or 'exact'} |"
        assert row in text, row
