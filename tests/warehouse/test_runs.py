"""The live relations on runs of experiments: what they tell, and what they leave out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.experiments.runs import store
from analysis.experiments.runs.record import Run
from analysis.lineage.system import ON_RUNS
from analysis.project import open_project
from analysis.warehouse.building.system import _VIEWS
from analysis.warehouse.connection import connect
from analysis.warehouse.snapshots.create import Origin, create
from tests.helpers.runs import write_experiment, write_run
from tests.warehouse.conftest import Folder

Row = dict[str, Any]


def rows(folder: Folder, query: str, *values: object) -> list[Row]:
    """Ask as a page does."""
    with connect(folder.project) as connection:
        result = connection.execute(query, values)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def runs_of(folder: Folder, experiment: str) -> dict[str, Run]:
    """Read the runs as the programs do."""
    return {run.run: run for run in store.runs_of(folder.project, experiment)}


def test_all_of_them_are_known_by_name() -> None:
    """So that the recorder and the check of freshness know what they are."""
    assert {f"meta.{name}" for name in _VIEWS} >= ON_RUNS.keys()


def test_experiments(live: Folder) -> None:
    """One row each, with its best run and its baseline."""
    summary = write_experiment(live.root, "trial", 6, failed=1, outdated=2, selection_bias=0.01)
    write_experiment(live.root, "other", 3, task="regression", honesty=False)
    other, row = rows(live, "from meta.experiments order by name")
    assert (other["name"], other["task"], other["runs"], other["failed"]) == (
        *("other", "regression", 3, 0),
    )
    known = runs_of(live, "trial")
    best, baseline = known[summary.leader or ""], known[summary.baseline or ""]
    decisive = best.metrics[0]
    assert row == {
        **{name: getattr(summary, name) for name in ("question", "owner", "task", "sample")},
        **{name: getattr(summary, name) for name in ("target", "positive", "metric", "best")},
        **{name: getattr(summary, name) for name in ("split", "blocks", "candidates")},
        **{name: getattr(summary, name) for name in ("leader", "baseline", "selection_bias")},
        "name": "trial",
        "features": list(summary.features),
        "metrics": list(summary.metrics),
        "runs": 8,
        "failed": 1,
        "current": 6,
        "leader_candidate": best.candidate,
        "value": decisive.value,
        "low": decisive.low,
        "high": decisive.high,
        "baseline_candidate": baseline.candidate,
        "baseline_value": baseline.metrics[0].value,
        "updated": row["updated"],
    }
    assert row["updated"].isoformat() == summary.updated.removesuffix("+00:00")


def test_runs(live: Folder) -> None:
    """One row each, also of those that failed."""
    summary = write_experiment(live.root, "trial", 5, failed=1, outdated=1)
    known = runs_of(live, "trial")
    found = {row["run"]: row for row in rows(live, "from meta.runs")}
    assert found.keys() == known.keys()
    for listed in summary.runs:
        run, row = known[listed.run], found[listed.run]
        assert row["leader"] is (run.run == summary.leader)
        assert row["current"] is listed.current
        assert json.loads(row["parameters"]) == run.parameters
        assert row["columns"] == [c for names in run.data.features.values() for c in names]
        assert (row["split"], row["split_kind"]) == (run.split.label, run.split.kind)
        assert row["fit_seconds"] == run.seconds.fit
        for name in ("candidate", "family", "role", "status", "estimator", "key", "command"):
            assert row[name] == getattr(run, name)
    failed = next(row for row in found.values() if row["status"] == "failed")
    assert failed["error"] == f"{failed['candidate']}: did not converge"
    assert (failed["during"], failed["value"], failed["model_bytes"]) == ("fold 2 of 5", None, None)


def test_metrics_and_folds(live: Folder) -> None:
    """As the records say, in their order; the first metric decides."""
    run = write_run(live.root, "trial")
    found = rows(live, "from meta.metrics order by place")
    assert [row["metric"] for row in found] == [metric.name for metric in run.metrics]
    assert [row["value"] for row in found] == [metric.value for metric in run.metrics]
    assert [row["fold_high"] for row in found] == [metric.fold_high for metric in run.metrics]
    assert [row["decides"] for row in found] == [True, *[False] * (len(run.metrics) - 1)]
    by_fold = {(row["fold"], row["metric"]): row for row in rows(live, "from meta.folds")}
    assert len(by_fold) == len(run.folds) * len(run.metrics)
    for fold in run.folds:
        for name, value in fold.metrics.items():
            row = by_fold[fold.fold, name]
            assert (row["value"], row["train_rows"]) == (value, fold.train_rows)


def test_curves(live: Folder) -> None:
    """A row a point; what a curve does not have is missing."""
    run = write_run(live.root, "trial")
    curves = store.curves_of(live.project, run)
    found = rows(live, "from meta.curves order by curve, series, place")
    assert len(found) == sum(len(curve.x) for curve in curves)
    for curve in curves:
        own = [r for r in found if (r["curve"], r["series"]) == (curve.curve, curve.series)]
        assert [row["place"] for row in own] == [*range(1, len(curve.x) + 1)]
        for mine, name in (("x", "x"), ("y", "y"), ("low", "low"), ("n", "n"), ("name", "names")):
            values = getattr(curve, name) or [None] * len(curve.x)
            assert [row[mine] for row in own] == [*values]


def test_missing_metrics_are_missing(live: Folder) -> None:
    """A metric that cannot be had is no error."""
    run = write_run(live.root, "trial")
    first = replace(run.metrics[0], value=None, low=None, high=None)
    fold = replace(run.folds[0], metrics={"roc_auc": None})
    write_run(live.root, "trial", metrics=(first,), folds=(fold,))
    assert [row["value"] for row in rows(live, "from meta.metrics")] == [None]
    assert [row["value"] for row in rows(live, "from meta.folds")] == [None]
    assert [row["value"] for row in rows(live, "from meta.runs")] == [None]


def test_comparisons(live: Folder) -> None:
    """As the summary says."""
    summary = write_experiment(live.root, "trial", 4)
    found = rows(live, "select * exclude (experiment) from meta.comparisons")
    assert found == [vars(comparison) for comparison in summary.comparisons]


def test_uses(live: Folder) -> None:
    """The columns of the views behind current runs: with the key and the target of the sample."""
    run = write_run(live.root, "trial")
    narrow = replace(run.data, features={"features.plan": ("hour", "seats")})
    old = write_run(live.root, "trial", "old", data=replace(run.data, sample="samples.old"))
    other = write_run(live.root, "trial", "narrow", data=narrow)
    write_experiment(live.root, "trial", [old, run, other], outdated=1)
    found = rows(live, "from meta.uses order by all")
    assert [(row["relation"], row["column"]) for row in found] == [
        *(("features.plan", name) for name in ("carrier", "distance", "hour", "seats")),
        *(("features.weather", name) for name in ("seats", "wind")),
        *(("samples.trips", name) for name in ("id", "late")),
    ]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"format": 1, "status": "do',
        b'{"format": 1, "status": "done"} trailing',
        b'\xff\xfe{"format": 1, "status": "done"}',
        b'{"format": 1, "status": "caf\xe9"}',
        b"[]",
        b"null",
        b"7",
        b'{"format": 999, "status": "done", "metrics": []}',
        b'{"format": {"a": 1}, "status": "done"}',
        b'{"format": 1}',
        b"<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n",
    ],
)
def test_damage_hides_no_other_run(live: Folder, damage: bytes) -> None:
    """A file that cannot be read has no rows; all else is there."""
    write_experiment(live.root, "trial", 3)
    whole = {name: rows(live, f"select count(*) as n from {name}") for name in sorted(ON_RUNS)}
    for place in ("trial/bad/run.json", "trial/bad/curves.json", "bad/experiment.json"):
        live.write(f"{store.RUNS_FOLDER}/{place}", damage)
    for name, counted in whole.items():
        assert rows(live, f"select count(*) as n from {name}") == counted, name
        assert rows(live, f"from {name}")


@pytest.mark.parametrize("part", ["metrics", "folds", "parameters", "failure", "data", "origin"])
@pytest.mark.parametrize("value", [None, 7, "text", [1], [None], {"a": [{}]}])
def test_other_forms_are_no_errors(live: Folder, part: str, value: object) -> None:
    """What is not as it should be is missing."""
    write_experiment(live.root, "trial", 2, honesty=False)
    run = write_run(live.root, "trial", "third")
    path = store.run_folder(live.project, run) / store.RECORD
    path.write_text(json.dumps({**json.loads(path.read_text()), part: value}))
    for name in sorted(ON_RUNS):
        assert rows(live, f"from {name}")
    assert len(rows(live, "from meta.runs")) == 3


def test_summary_is_missing(live: Folder) -> None:
    """An experiment that was interrupted before its first summary has runs nevertheless."""
    write_experiment(live.root, "trial", 3)
    (live.root / store.RUNS_FOLDER / "trial" / store.SUMMARY).unlink()
    assert rows(live, "from meta.experiments") == []
    found = rows(live, "select distinct current, leader from meta.runs")
    assert found == [{"current": False, "leader": False}]


def test_unfinished_folders_are_not_seen(live: Folder) -> None:
    """What is written or removed at this moment lies one folder deeper."""
    run = write_run(live.root, "trial")
    with store.new_run(live.project, "trial", "next") as folder:
        store.write_record(folder, replace(run, run="next"), ())
        assert [row["run"] for row in rows(live, "from meta.runs")] == [run.run]
    assert len(rows(live, "from meta.runs")) == 2


@pytest.mark.parametrize("name", ['it\'s "so"', "späte Flüge 飛行", "a [b] *", "100% {x}", "a; b"])
def test_names_of_all_kinds(live: Folder, name: str) -> None:
    """A name is a name."""
    summary = write_experiment(live.root, name, 3, question=name)
    assert [(r["name"], r["question"]) for r in rows(live, "from meta.experiments")] == [
        (name, name)
    ]
    query = "select run from meta.runs where experiment = ? and leader"
    assert rows(live, query, name) == [{"run": summary.leader}]


def test_moved_project(live: Folder, tmp_path: Path) -> None:
    """Each project tells of its own runs."""
    write_experiment(live.root, "trial", 2)
    moved = Path(shutil.move(live.root, tmp_path / "else[w]here *"))
    write_experiment(moved, "second", 2)
    with connect(open_project(moved)) as connection:
        found = connection.execute("select name from meta.experiments order by name").fetchall()
    assert found == [("second",), ("trial",)]


def test_snapshot(live: Folder) -> None:
    """A snapshot tells of the runs that there are now."""
    taken = create(live.project, Origin())
    write_experiment(live.root, "trial", 2, honesty=False)
    project = replace(live.project, snapshot=taken.snapshot.id)
    with connect(project) as connection:
        assert connection.execute("select count(*) from meta.runs").fetchall() == [(2,)]


def test_many_runs(live: Folder) -> None:
    """Each of a thousand is there, and one is found among them."""
    summary = write_experiment(live.root, "big", 1000, failed=5)
    (row,) = rows(live, "from meta.experiments")
    assert (row["runs"], row["failed"], row["candidates"]) == (1002, 5, 1000)
    for name in sorted(ON_RUNS.keys() - {"meta.experiments", "meta.uses"}):
        query = f"select run from {name} where run = ?"
        assert {row["run"] for row in rows(live, query, summary.leader)} <= {summary.leader}
    counts = rows(live, "select count(distinct run) as runs, count(*) as n from meta.metrics")
    assert counts == [{"runs": 997, "n": 997 * 5}]
