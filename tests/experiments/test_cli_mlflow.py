"""`analysis experiment export --mlflow`: what MLflow's own client reads of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.experiments.runs import store
from analysis.experiments.runs.record import Run, Summary
from analysis.project import find_project
from tests.helpers.projects import analysis, write_project
from tests.helpers.runs import write_experiment

LATE = "late-flights"
# In a process of its own: MLflow changes much where it is imported.
READ = """
import json, sys
from mlflow import MlflowClient
client = MlflowClient(tracking_uri=sys.argv[1])
found = client.get_experiment_by_name(sys.argv[2])
rows = []
for run in client.search_runs([found.experiment_id]):
    steps = client.get_metric_history(run.info.run_id, "roc_auc.fold")
    rows.append({
        "name": run.info.run_name, "status": run.info.status, "tags": run.data.tags,
        "ended": run.info.end_time, "metrics": run.data.metrics, "params": run.data.params,
        "steps": {one.step: one.value for one in steps},
        "artifacts": [one.path for one in client.list_artifacts(run.info.run_id)],
        "record": client.download_artifacts(run.info.run_id, "run.json"),
    })
print(json.dumps({"question": found.tags["mlflow.note.content"], "runs": rows}))
"""


def read(store_folder: Path) -> tuple[str, dict[str, Any]]:
    """Give the question and the runs, by our name of them, as MLflow reads them."""
    done = subprocess.run(
        [sys.executable, "-c", READ, store_folder.as_uri(), LATE],
        env={"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=True,
        cwd=store_folder,
    )
    found = json.loads(done.stdout)
    by_name = {run["tags"]["analysis.run"]: run for run in found["runs"]}
    assert len(by_name) == len(found["runs"])
    return found["question"], by_name


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary, tuple[Run, ...]]:
    """Export an experiment once."""
    root = write_project(tmp_path_factory.mktemp("exported"), {})
    summary = write_experiment(root, LATE, 5, failed=1, outdated=1)
    project = find_project(root)
    runs = store.runs_of(project, LATE)
    (store.run_folder(project, runs[0]) / store.MODEL).write_bytes(b"model")
    outcome = analysis(root, "experiment", "export", LATE, "--mlflow", "tracking store")
    assert outcome.code == 0, outcome.err
    assert f"exported {len(runs)} runs of {LATE} to tracking store" in outcome.out
    return root, summary, runs


def test_all_is_read_back(exported: tuple[Path, Summary, tuple[Run, ...]]) -> None:
    """Parameters, metrics with intervals and folds, tags, files, and how it ended."""
    root, summary, runs = exported
    question, found = read(root / "tracking store")
    assert question == summary.question and found.keys() == {run.run for run in runs}
    for run in runs:
        row = found[run.run]
        assert row["status"] == ("FAILED" if run.failure else "FINISHED")
        assert row["params"] == {"estimator": run.estimator} | {
            key: str(value) for key, value in run.parameters.items()
        }
        assert row["tags"]["analysis.candidate"] == run.candidate
        assert row["tags"]["analysis.command"] == run.command
        assert row["tags"]["mlflow.source.git.commit"] == run.origin.commit
        assert json.loads(row["tags"]["analysis.columns"]) == run.data.columns
        for metric in run.metrics:
            assert row["metrics"][metric.name] == metric.value
            assert row["metrics"][f"{metric.name}.low"] == metric.low
        values = {str(fold.fold): fold.metrics["roc_auc"] for fold in run.folds}
        assert row["steps"] == values
        assert {"run.json", "curves.json"} <= {*row["artifacts"]}
        record = store.run_folder(find_project(root), run) / store.RECORD
        assert Path(row["record"]).read_bytes() == record.read_bytes()
    first, last = found[runs[0].run], found[runs[4].run]
    assert "model.skops" in first["artifacts"] and "model.skops" not in last["artifacts"]
    assert first["tags"]["analysis.current"] == "false"
    assert "did not converge" in last["tags"]["analysis.failure"]
    assert any("(random, 5 folds)" in row["name"] for row in found.values())


def test_twice_makes_no_duplicates(
    exported: tuple[Path, Summary, tuple[Run, ...]], tmp_path: Path
) -> None:
    """What is there stays, what is new is added, and one that was cut short is written again."""
    root = Path(shutil.copytree(exported[0], tmp_path / "copy"))
    shutil.rmtree(root / "tracking store")
    command = ("experiment", "export", LATE, "--mlflow", "mlruns")
    assert analysis(root, *command).code == 0
    write_experiment(root, LATE, 6, failed=1)
    cut = next((root / "mlruns").glob("*/*/tags/analysis.run"))
    name = cut.read_text()
    meta = cut.parents[1] / "meta.yaml"
    meta.write_text(
        meta.read_text().replace("status: 3", "status: 1").replace("status: 4", "status: 1")
    )
    outcome = analysis(root, *command)
    assert outcome.code == 0, outcome.err
    runs = store.runs_of(find_project(root), LATE)
    _, found = read(root / "mlruns")
    assert found.keys() >= {run.run for run in runs} and name in found
    assert all(row["status"] != "RUNNING" for row in found.values())
    again = analysis(root, *command).out
    assert "exported 0 runs" in again and f"{len(runs)} were there already" in again


def test_a_server_that_is_not_there(exported: tuple[Path, Summary, tuple[Run, ...]]) -> None:
    """A sentence without the password."""
    url = "http://me:secret@localhost:1"
    outcome = analysis(exported[0], "experiment", "export", LATE, "--mlflow", url)
    assert outcome.code == 2 and "MLflow cannot write to http://***@localhost:1" in outcome.err
    assert "Connection refused" in outcome.err
    assert "secret" not in outcome.err and "Traceback" not in outcome.err


def test_without_mlflow(exported: tuple[Path, Summary, tuple[Run, ...]], tmp_path: Path) -> None:
    """The extra that is missing is named."""
    (tmp_path / "mlflow.py").write_text("raise ImportError('No module named mlflow')")
    outcome = analysis(
        *(exported[0], "experiment", "export", LATE, "--mlflow", "x"), PYTHONPATH=_before(tmp_path)
    )
    assert outcome.code == 2 and "MLflow is not installed" in outcome.err
    assert "pip install 'analysis[mlflow]'" in outcome.err


def _before(folder: Path) -> str:
    return os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
