"""Time an experiment beside a plain loop of scikit-learn's over the same candidates and folds.

Usage: python benchmarks/experiments.py [--rows N] [--repeats N] [--jobs N] [--runs N]

Both train the same pipelines on the same folds with as many processes of one thread each, score
the same metrics, and fit each candidate once more on all rows, as a run keeps that model. They are
run fresh, in turn. Then so many runs are compared, and what a worker holds in memory is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from analysis.project import open_project
from analysis.warehouse.ingest import ingest

OVERHEAD, COMPARING = 1.1, 2.0
ROWS, RUNS = 60_000, 1_000
NUMBERS = 10
SOURCES = """
sources:
  trips:
    description: Trips
    kind: parquet
    path: data/raw/trips.parquet
    columns: {id: BIGINT, left_at: TIMESTAMP, line: VARCHAR, stop: VARCHAR, late: BOOLEAN, COLUMNS}
"""
SAMPLE = """\
/* {key: id, available_at: left_at, target: late} */
select id, left_at, late from raw.trips
"""
FEATURES = """\
/* {key: id} */
select id, line, stop, columns('n[0-9]+') from raw.trips
"""
EXPERIMENT = """\
question: Which trips come late?
dataset: {sample: trips, features: trip}
split: {by: day, folds: 5}
metrics: [roc_auc, neg_log_loss, neg_brier_score]
honesty: false
learning: false
importance: false
preprocessing:
  category: {estimator: sklearn.preprocessing.OneHotEncoder, parameters: {handle_unknown: ignore}}
candidates:
  rate: sklearn.dummy.DummyClassifier
  logistic:
    estimator: sklearn.linear_model.LogisticRegression
    steps: {estimator: sklearn.preprocessing.StandardScaler, parameters: {with_mean: false}}
  tree: {estimator: sklearn.tree.DecisionTreeClassifier, parameters: {min_samples_leaf: 50}}
  boosted: sklearn.ensemble.HistGradientBoostingClassifier
  more-boosted:
    estimator: sklearn.ensemble.HistGradientBoostingClassifier
    parameters: {max_iter: 200, learning_rate: 0.05}
  forest:
    estimator: sklearn.ensemble.RandomForestClassifier
    parameters: {n_estimators: 60, min_samples_leaf: 20}
"""


def write_project(root: Path, rows: int) -> None:
    """Write the project and build its warehouse."""
    (root / "data/raw").mkdir(parents=True)
    columns = ", ".join(f"n{n}: DOUBLE" for n in range(NUMBERS))
    files = {
        "_quarto.yml": "project: {type: website}\n",
        "data/sources.yml": SOURCES.replace("COLUMNS", columns),
        "data/sql/samples/trips.sql": SAMPLE,
        "data/sql/features/trip.sql": FEATURES,
        "data/experiments/late.yml": EXPERIMENT,
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    numbers = ", ".join(f"(hash(i, {n}) % 1000) / 100 as n{n}" for n in range(NUMBERS))
    with duckdb.connect() as con:
        con.execute(
            f"copy (select i as id, timestamp '2026-01-01' + to_minutes(i * 5) as left_at, "
            f"{numbers}, 'line ' || hash(i, 20) % 12 as line, 'stop ' || hash(i, 21) % 30 as stop, "
            "n0 + n1 * n2 / 10 + 4 * sin(i // 288) + hash(i, 22) % 10 > 13 as late "
            f"from range({rows}) t(i)) to '{root}/data/raw/trips.parquet'"
        )
    ingest(open_project(root))


def ours(root: Path, jobs: int) -> None:
    """Run the experiment as a user does; called in a process of its own."""
    from analysis.experiments.declared.file import read_experiment
    from analysis.experiments.running.run import Options, run_experiment

    project = open_project(root)
    result = run_experiment(
        project, read_experiment(project, "late"), Options(jobs), lambda _event: None
    )
    assert len(result.made) == 6 and all(run.status == "done" for run in result.made)


def plain(root: Path, jobs: int) -> None:
    """Do what somebody would write down without this package; called in a process of its own."""
    import pandas as pd
    from joblib import Parallel, delayed
    from sklearn.base import clone
    from sklearn.model_selection import GroupKFold, cross_validate

    estimators = pipelines(root)
    with duckdb.connect() as con:
        frame = con.execute(f"from '{root}/data/raw/trips.parquet' order by id").df()
    day = frame.pop("left_at").dt.date
    target = frame.pop("late").to_numpy().astype(int)
    del frame["id"]
    for name in ("line", "stop"):
        frame[name] = pd.Categorical(frame[name])
    for name in [name for name in frame if name.startswith("n")]:
        frame[name] = frame[name].astype(float)
    frame = frame[["line", "stop", *(f"n{n}" for n in range(NUMBERS))]]
    folds = [*GroupKFold(5).split(frame, target, day)]
    if expected := [*(root / "data/runs/late").glob("*")]:
        folds = [*folds_of(expected[0], frame)] or folds
    scoring = ["roc_auc", "neg_log_loss", "neg_brier_score"]
    for estimator in estimators:
        cross_validate(estimator, frame, target, cv=folds, scoring=scoring, n_jobs=jobs)
    # Beside each other, as all else.
    Parallel(jobs)(delayed(clone(each).fit)(frame, target) for each in estimators)


def folds_of(run: Path, frame: object) -> list[tuple[np.ndarray, np.ndarray]]:
    """Read the folds of a run, so that both train on the same rows."""
    path = run / "predictions.parquet"
    if not path.exists():
        return []
    with duckdb.connect() as con:
        fold = con.execute(f"select fold from '{path}' order by id").df()["fold"].to_numpy()
    return [(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(1, 6)]


def pipelines(root: Path) -> list[object]:
    """Make the pipelines of all candidates."""
    from analysis.experiments.candidates.building import build
    from analysis.experiments.candidates.expanding import expand
    from analysis.experiments.declared.file import read_experiment

    project = open_project(root)
    kinds = {"line": "category", "stop": "category"}
    kinds |= {f"n{n}": "number" for n in range(NUMBERS)}
    return [build(project, one, kinds, 1) for one in expand(read_experiment(project, "late"))]


def timed(what: str, root: Path, jobs: int) -> float:
    """Give the seconds that one of the two takes in a process of its own."""
    if what == "ours":
        shutil.rmtree(root / "data/runs", ignore_errors=True)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, __file__, "--only", what, "--root", str(root), "--jobs", str(jobs)],
        check=True,
        env={**os.environ, **threads},
    )
    return time.perf_counter() - start


def overhead(rows: int, repeats: int, jobs: int, root: Path) -> bool:
    """Print the times; say whether the mark was reached."""
    write_project(root, rows)
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(repeats):
        for what, found in times.items():
            found.append(timed(what, root, jobs))
    ratio = statistics.median(times["ours"]) / statistics.median(times["plain"])
    for name, of in (("experiment", "ours"), ("plain loop", "plain")):
        spread = f"({min(times[of]):.2f} to {max(times[of]):.2f})"
        print(f"{name:<12}{statistics.median(times[of]):>8.2f} s {spread:>18}")
    verdict = "ok" if ratio <= OVERHEAD else "MISSED"
    print(f"{'ratio':<12}{ratio:>8.2f}{'':>8}mark {OVERHEAD}  {verdict}")
    return ratio <= OVERHEAD


def comparing(runs: int, root: Path) -> bool:
    """Print how long it takes to compare so many runs; say whether the mark was reached."""
    from analysis.experiments.comparing.summary import summarize
    from analysis.experiments.declared.file import read_experiment
    from analysis.experiments.running.renewal import about
    from analysis.experiments.running.study import open_study
    from analysis.experiments.runs.store import runs_of

    project = open_project(root)
    study = open_study(project, read_experiment(project, "late"))
    originals = [run for run in runs_of(project, "late") if run.candidate != "rate"]
    home = root / "data/runs/late"
    random = np.random.default_rng(1)
    for number in range(runs - len(originals) - 1):
        copy(home, originals[number % len(originals)].run, f"{number:010x}", random)
    current = {run.run for run in runs_of(project, "late")}
    start = time.perf_counter()
    summary = summarize(project, about(study), current)
    seconds = time.perf_counter() - start
    verdict = "ok" if seconds <= COMPARING else "MISSED"
    told = f"{len(current):,} runs, {len(summary.comparisons):,} comparisons"
    print(f"{'comparing':<12}{seconds:>8.2f} s {'':>6}mark {COMPARING}  {verdict}  ({told})")
    return seconds <= COMPARING


def copy(home: Path, run: str, name: str, random: np.random.Generator) -> None:
    """Make a run that differs a little from another."""
    target = home / name
    target.mkdir()
    told = json.loads((home / run / "run.json").read_text())
    told |= {"run": name, "key": name, "candidate": f"{told['candidate']} {name}"}
    drawn = np.load(home / run / "replicates.npy")
    for column, metric in enumerate(told["metrics"]):
        shift = float(random.normal(0, 0.01))
        metric["value"] += shift
        drawn[:, column] += shift
        for fold in told["folds"]:
            fold["metrics"][metric["name"]] += shift + float(random.normal(0, 0.005))
    (target / "run.json").write_text(json.dumps(told, indent=1))
    np.save(target / "replicates.npy", drawn)


def main() -> None:
    """Read the options and measure; the exit code is 1 if a mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", choices=[*ONLY], help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only:
        ONLY[chosen.only](chosen.root, chosen.jobs)
        return
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        print(f"{chosen.rows:,} rows, six candidates, five folds, {chosen.jobs} processes, median")
        reached = overhead(chosen.rows, chosen.repeats, chosen.jobs, root)
        reached = comparing(chosen.runs, root) and reached
    # In a process of its own, whose workers find its functions by their names.
    beside = Path(__file__).with_name("experiment_memory.py")
    reached = subprocess.run([sys.executable, beside]).returncode == 0 and reached
    sys.exit(0 if reached else 1)


ONLY: dict[str, Callable[[Path, int], None]] = {"ours": ours, "plain": plain}


if __name__ == "__main__":
    main()
