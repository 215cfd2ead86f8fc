"""Measure what a worker of an experiment holds for itself, beside scikit-learn on the same fold.

Usage: python benchmarks/experiment_memory.py [--rows N]

The rows lie in files that all workers map. A fold is fitted and predicted by the worker of an
experiment, and by scikit-learn alone on a frame that holds the fold and nothing else. Two such
workers run beside each other. Pages of files, which they share, do not count, nor does what an
idle process has from the one that forked it. What is ours may not be more than a frame of the
fold, and a tenth.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.experiments.candidates.building import build
from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.candidates.expanding import expand
from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.declared.file import read_experiment
from analysis.experiments.running.process import server, start
from analysis.experiments.running.rows import write_rows
from analysis.experiments.running.tasks import Diagnosis, Judging, Setting, Task
from analysis.project import open_project

MARK = 1.1
ROWS, NUMBERS, FOLDS = 2_000_000, 18, 4
KINDS: dict[str, ColumnKind] = {f"n{n}": "number" for n in range(NUMBERS)}
KINDS |= {"line": "category", "stop": "category"}
CODES = ["line", "stop"]
EXPERIMENT = """\
question: Which trips come late?
dataset: {sample: trips, features: trip}
split: {random: true, folds: 4}
metrics: [roc_auc]
candidates:
  rate: sklearn.dummy.DummyClassifier
  tree:
    estimator: sklearn.tree.DecisionTreeClassifier
    parameters: {max_depth: 2}
    features: numbers
  boosted:
    estimator: sklearn.ensemble.HistGradientBoostingClassifier
    parameters: {max_iter: 2, categorical_features: from_dtype}
"""


def lay_out(root: Path, rows: int) -> None:
    """Write rows, target and split as an experiment does, and the first fold for scikit-learn."""
    (root / "data/experiments").mkdir(parents=True)
    (root / "_quarto.yml").write_text("project: {type: website}\n")
    (root / "data/experiments/late.yml").write_text(EXPERIMENT)
    for name in ("rows", "split", "alone"):
        (root / name).mkdir()
    random = np.random.default_rng(1)
    numbers = random.random((NUMBERS, rows))
    frame = pd.DataFrame(numbers.T, columns=[f"n{n}" for n in range(NUMBERS)], copy=False)
    for place, name in enumerate(CODES):
        codes = random.integers(0, 12 * (place + 1), rows).astype(np.int8)
        frame[name] = pd.Categorical.from_codes(codes, [f"{n:02}" for n in range(12 * (place + 1))])
    target = (numbers[0] + random.random(rows) > 1).astype(np.int32)
    write_rows(root / "rows", frame, KINDS)
    np.save(root / "rows/target.npy", target)
    fold = random.integers(1, FOLDS + 1, rows)
    for number in range(1, FOLDS + 1):
        np.save(root / f"split/{number}-train.npy", np.flatnonzero(fold != number).astype(np.int32))
        np.save(root / f"split/{number}-test.npy", np.flatnonzero(fold == number).astype(np.int32))
    for number, part in ((n, p) for n in (1, 2) for p in ("train", "test")):
        rows_of = (fold == number) == (part == "test")
        np.save(root / f"alone/{number}-{part}.npy", numbers[:, rows_of])
        np.save(root / f"alone/{number}-{part}-target.npy", target[rows_of])
        for name in CODES:
            np.save(root / f"alone/{number}-{part}-{name}.npy", frame[name].cat.codes[rows_of])


def columns_of(candidate: Candidate) -> dict[str, ColumnKind]:
    """Give the columns that a candidate takes."""
    wanted = KINDS if candidate.features is None else [n for n in KINDS if n not in CODES]
    return {name: KINDS[name] for name in wanted}


def alone(root: Path, candidate: Candidate, number: int) -> None:
    """Do what a fold does with frames that hold nothing else; in a process of its own."""
    columns = columns_of(candidate)
    estimator = build(open_project(root), candidate, columns, 1)
    estimator.fit(frame_of(root, columns, number, "train"), target_of(root, number))
    estimator.predict_proba(frame_of(root, columns, number, "test"))


def frame_of(root: Path, columns: Sequence[str], number: int, part: str) -> pd.DataFrame:
    """Read the rows of one part of a fold."""
    block = np.load(root / f"alone/{number}-{part}.npy")
    frame = pd.DataFrame(block.T, columns=[c for c in columns if c not in CODES], copy=False)
    for place, name in enumerate(CODES):
        if name in columns:
            codes = np.load(root / f"alone/{number}-{part}-{name}.npy")
            known = [f"{n:02}" for n in range(12 * (place + 1))]
            frame[name] = pd.Categorical.from_codes(codes, known)
    return frame


def target_of(root: Path, number: int) -> np.ndarray:
    """Read the target of the training rows of a fold."""
    found: np.ndarray = np.load(root / f"alone/{number}-train-target.npy")
    return found


def task_of(root: Path, candidate: Candidate, number: int) -> Task:
    """Give a fold as an experiment does it."""
    work = root / "work" / candidate.name
    work.mkdir(parents=True, exist_ok=True)
    setting = Setting(
        root=root,
        rows=root / "rows",
        split=root / "split",
        work=work,
        candidate=candidate,
        columns=tuple(columns_of(candidate)),
        task="binary",
        classes=("false", "true"),
        positive=1,
        folds=FOLDS,
        blocks=1,
        seed=1,
        judging=Judging(("roc_auc",), 100, 1),
        diagnosis=Diagnosis(),
    )
    return Task("fold", setting, number)


def peaks(processes: Sequence[ForkServerProcess]) -> list[int]:
    """Give the most that each holds for itself while they run, in bytes."""
    most = [0] * len(processes)
    while any(process.exitcode is None for process in processes):
        for place, process in enumerate(processes):
            most[place] = max(most[place], private(process.pid or 0))
        time.sleep(0.002)
    assert all(process.exitcode == 0 for process in processes)
    return most


def private(process: int) -> int:
    """Read how many bytes of no file a process holds; nought once it ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon")), 0)


def measured(context: ForkServerContext, root: Path, candidate: Candidate) -> tuple[int, int]:
    """Give the peak of a worker, the larger of two beside each other, and of scikit-learn alone."""
    ours = [start(context, task_of(root, candidate, number), "fold") for number in (1, 2)]
    found = max(peaks(ours))
    idle = peaks_of(context, time.sleep, [(0.2,)])
    return found - idle, peaks_of(context, alone, [(root, candidate, n) for n in (1, 2)]) - idle


def peaks_of(context: ForkServerContext, target: Callable[..., None], calls: Sequence[Any]) -> int:
    """Give the larger peak of processes that do this beside each other."""
    processes = [context.Process(target=target, args=call) for call in calls]
    for process in processes:
        process.start()
    return max(peaks(processes))


def memory(rows: int, report: Callable[[str], None] = print) -> bool:
    """Print what workers hold; say whether the mark was reached."""
    if not Path("/proc/self/status").exists():
        report("memory      not measured: this system does not tell what a process holds")
        return True
    reached = True
    with tempfile.TemporaryDirectory() as name, server() as context:
        root = Path(name)
        lay_out(root, rows)
        whole = sum(path.stat().st_size for path in (root / "rows").glob("*.npy"))
        report(
            f"{rows:,} rows of {len(KINDS)} columns, {whole / 2**20:,.0f} MB in files, 2 workers"
        )
        for candidate in expand(read_experiment(open_project(root), "late")):
            frame = (
                frame_of(root, columns_of(candidate), 1, "train").memory_usage(index=False).sum()
            )
            found, needed = measured(context, root, candidate)
            share = (found - needed + frame) / frame
            verdict = "ok" if share <= MARK else "MISSED"
            reached = reached and share <= MARK
            report(
                f"{candidate.name:<12}{found / 2**20:>8,.0f} MB a worker, "
                f"{needed / 2**20:,.0f} MB scikit-learn with the frame of the fold "
                f"({frame / 2**20:,.0f} MB): {share:.2f} frames are ours  mark {MARK}  {verdict}"
            )
    return reached


def main() -> None:
    """Read the options and measure; the exit code is 1 if a mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    sys.exit(0 if memory(parser.parse_args().rows) else 1)


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    import experiment_memory  # so that processes find it by its name

    experiment_memory.main()
