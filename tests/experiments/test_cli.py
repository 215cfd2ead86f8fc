"""`analysis experiment` on runs that are there: what each command says, and to whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.experiments.runs import store
from analysis.experiments.runs.record import Run, Summary
from analysis.project import find_project
from analysis.report.formats import MINUS
from tests.helpers.projects import Outcome, analysis, snapshot, write_project
from tests.helpers.runs import DECLARED, write_experiment, write_run

LATE = "late-flights"
NEVER = {"data/experiments/never.yml": DECLARED}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """Give a project with an experiment of 12 candidates, of which two failed, three are old."""
    root = write_project(tmp_path_factory.mktemp("tried"), NEVER)
    return root, write_experiment(root, LATE, 12, failed=2, outdated=3, selection_bias=0.0125)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Give a project with a small experiment that a test may change."""
    root = write_project(tmp_path, NEVER)
    write_experiment(root, LATE, 6, outdated=3)
    return root


def experiment(root: Path, *arguments: str, code: int = 0) -> Outcome:
    """Run a command that ends with ``code``."""
    outcome = analysis(root, "experiment", *arguments)
    assert outcome.code == code, outcome.out + outcome.err
    assert "Traceback" not in outcome.err
    return outcome


def told(root: Path, *arguments: str) -> Any:
    """Run a command, and read what it tells programs."""
    return json.loads(experiment(root, *arguments, "--json").out)


def runs_of(root: Path) -> tuple[Run, ...]:
    """Read the runs that are on disk."""
    return store.runs_of(find_project(root), LATE)


def test_list(tried: tuple[Path, Summary]) -> None:
    """The best with its interval; experiments that never ran, or are no longer declared."""
    root, summary = tried
    out = experiment(root, "list").out
    line = next(line for line in out.splitlines() if line.startswith(LATE))
    assert line.split()[:3] == [LATE, "14", "2"]
    assert "roc_auc 0.830 [0.812, 0.846]" in line and line.endswith("2026-05-01 08:13")
    assert "never: never run\n  `analysis experiment run never`" in out
    assert f"{LATE}: no longer declared" in out
    late, never = told(root, "list")["experiments"]
    assert late["leader"]["run"] == summary.leader and late["metric"]["name"] == "roc_auc"
    assert (late["runs"], late["failed"], never["runs"]) == (14, 2, 0)
    assert never["leader"] is None and never["remarks"] == ["never run"]


def test_nothing_to_list(tmp_path: Path) -> None:
    """A project without experiments is told how to begin."""
    assert "data/experiments/<name>.yml" in experiment(write_project(tmp_path, {}), "list").out


def test_list_names_what_is_declared_otherwise(tmp_path: Path) -> None:
    """Another split, other metrics, candidates without a run; and a file that is wrong."""
    other = DECLARED.replace("folds: 5", "folds: 4").replace("plan, weather", "plan")
    files = {
        f"data/experiments/{LATE}.yml": other,
        "data/experiments/wrong.yml": DECLARED.replace("metrics:", "metric:"),
    }
    root = write_project(tmp_path, files)
    write_experiment(root, LATE, 3)
    out = experiment(root, "list").out
    for remark in ("another dataset", "another split", "other metrics", "no run of logistic"):
        assert remark in out
    assert "wrong cannot be run: data/experiments/wrong.yml:" in out


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("target: late", "target: late, columns: id"),
        ("target: late", "target: late, leave_out: weather.wind"),
        ("target: late", "target: late, positive: false"),
        ("target: late", "target: delay"),
        ("sample: trips", "sample: journeys"),
    ],
)
def test_list_names_another_dataset(tmp_path: Path, then: str, now: str) -> None:
    """Each part of it counts, and none does where it is what the runs were made of."""
    root = write_project(tmp_path, {f"data/experiments/{LATE}.yml": DECLARED})
    write_experiment(root, LATE, 3)
    assert "another dataset" not in experiment(root, "list").out
    (root / f"data/experiments/{LATE}.yml").write_text(DECLARED.replace(then, now))
    assert "another dataset" in experiment(root, "list").out


def test_leaderboard(tried: tuple[Path, Summary]) -> None:
    """The best first, with marks, costs, failures, other splits, and what is old."""
    root, summary = tried
    out = experiment(root, "show", LATE).out
    assert summary.question in out
    board = out.split("\n\n")[1].splitlines()
    assert (
        summary.leader in board[1] and " best " in board[1] and "0.830 [0.812, 0.846]" in board[1]
    )
    assert len(board) == 1 + 7 and all(len(line) <= 100 for line in out.splitlines())
    assert "kB" in board[1] and "MB" in board[1]
    assert "forest 5: did not converge (fold 2 of 5)" in out
    assert "random, 5 folds" in out and "by day, 5 folds (declared)" in out
    assert "3 runs are of what is no longer declared" in out
    assert "flatters its roc_auc by about 0.0125:\nexpect 0.817 of it, and not 0.830" in out

    found = told(root, "show", LATE)
    values = [row["metrics"][0]["value"] for row in found["candidates"]]
    assert values == sorted(values, reverse=True)
    assert found["candidates"][0]["standing"] == "best"
    assert {row["standing"] for row in found["candidates"]} == {"best", "worse"}
    assert len(found["failed"]) == 2 and len(found["outdated"]) == 3 and len(found["honesty"]) == 3


def test_close_to_the_best(few: Path) -> None:
    """What is not told apart from the best is marked as such."""
    project = find_project(few)
    summary = store.read_summary(project, LATE)
    assert summary is not None
    gaps = [vars(gap) | {"distinguishable": False} for gap in summary.comparisons]
    path = store.folder_of(project, LATE) / store.SUMMARY
    path.write_text(json.dumps({**json.loads(path.read_text()), "comparisons": gaps}))
    assert "≈ best" in experiment(few, "show", LATE).out
    out = experiment(few, "compare", LATE).out
    assert "≈ best" in out and "≈ baseline" in out and "worse" not in out


def test_a_run(tried: tuple[Path, Summary]) -> None:
    """All of its record, by a shortened name; files that are not there are said to be so."""
    root, summary = tried
    assert summary.leader
    out = experiment(root, "show", summary.leader[:6]).out
    for part in ("learning_rate", "features.weather", "by folds", "scikit-learn 1.9.1", "folds"):
        assert part in out
    assert f"to repeat it: `analysis experiment rerun {summary.leader}`" in out
    assert out.count("is not here: rerun it") == 2
    found = told(root, "show", summary.leader)
    assert found["current"] and found["missing"] == ["predictions.parquet", "model.skops"]
    failed = next(run for run in runs_of(root) if run.failure)
    assert "did not converge (fold 2 of 5)" in experiment(root, "show", failed.run).out
    assert "not of what is declared now" in experiment(root, "show", runs_of(root)[0].run).out


def test_compare(tried: tuple[Path, Summary]) -> None:
    """Against the best and the baseline: difference, interval, p, and a word."""
    root, summary = tried
    out = experiment(root, "compare", LATE).out
    assert "against the best: boosting 2" in out and "against the baseline: base rate" in out
    worse = next(line for line in out.splitlines() if "boosting 3" in line)
    assert f"{MINUS}0.0254 [{MINUS}0.0451, {MINUS}0.0058]" in worse and worse.endswith("worse")
    assert " better\n" in out and "Nadeau and Bengio 2003" in out and "under other splits" in out
    found = told(root, "compare", LATE, "--metric", "roc_auc")
    assert found["best"] == summary.leader and found["selection_bias"] == 0.0125
    assert {gap["metric"] for gap in found["comparisons"]} == {"roc_auc"}
    error = experiment(root, "compare", LATE, "--metric", "roc", code=2).err
    assert "no metric `roc`" in error and "did you mean `roc_auc`" in error


def test_diff(tried: tuple[Path, Summary]) -> None:
    """Two candidates by name: parameters, metrics, and why there are no predictions."""
    root, summary = tried
    out = experiment(root, "diff", f"{LATE}/boosting 3", f"{LATE}/boosting 2").out
    assert "learning_rate      0.14098 → 0.0907" in out
    assert "roc_auc" in out and "+0.0254 [" in out
    assert "predictions cannot be compared" in out and "analysis experiment rerun" in out
    found = told(root, "diff", f"{LATE}/boosting 3", summary.leader or "")
    assert found["now"]["run"] == summary.leader and not found["same_made"]
    same = experiment(root, "diff", summary.leader or "", summary.leader or "").out
    assert "both are made of the same" in same


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        (["show", "late-flight"], "no experiment or run `late-flight`", "mean `late-flights`?"),
        (["show", "fffffff"], "there is no run `fffffff`", "`analysis experiment list`"),
        (["compare", "xyz"], "no experiment `xyz`", "`analysis experiment list` names them"),
        (["prune", "nevr"], "no experiment `nevr`", "did you mean `never`?"),
        (["export", "nevr", "--mlflow", "x"], "no experiment `nevr`", "did you mean `never`?"),
        (["diff", "never/logistic", "ffff"], "`never` was not run yet", "experiment run never"),
        (["diff", f"{LATE}/linea", "ffff"], "no run of a candidate `linea`", "mean `linear`?"),
        (["diff", f"{LATE}/forest", "ffff"], "5 runs of the search space `forest`", "name one"),
    ],
)
def test_names_that_are_none(
    tried: tuple[Path, Summary], command: list[str], message: str, hint: str
) -> None:
    """A sentence, and what to do next."""
    error = experiment(tried[0], *command, code=2).err
    assert message in error and hint in error


@pytest.mark.parametrize(
    "command", [["show"], ["compare"], ["prune"], ["export", "--mlflow", "there"]]
)
def test_no_runs_yet(tried: tuple[Path, Summary], command: list[str]) -> None:
    """It is no mistake, and said plainly."""
    out = experiment(tried[0], command[0], "never", *command[1:]).out
    assert "`never` was not run yet: `analysis experiment run never` runs it" in out


def test_damaged_records_are_named(few: Path) -> None:
    """A record that cannot be read stops no command."""
    broken = store.run_folder(find_project(few), runs_of(few)[0]) / store.RECORD
    broken.write_text("{")
    name = broken.relative_to(few).as_posix()
    for command in (["list"], ["show", LATE], ["compare", LATE], ["prune", LATE, "--dry-run"]):
        assert f"warning: {name}: this record is damaged" in experiment(few, *command).err
    assert told(few, "show", LATE)["damaged"] == [name]
    assert "is damaged" in experiment(few, "show", broken.parent.name, code=2).err
    (store.folder_of(find_project(few), LATE) / store.SUMMARY).write_text("[]")
    error = experiment(few, "show", LATE, code=2).err
    assert "missing, or damaged" in error and f"`analysis experiment run {LATE}`" in error
    assert "`analysis experiment run` writes it anew" in experiment(few, "list").err


def test_prune(few: Path) -> None:
    """Runs that are not current go, the newest of them stay if wanted; the others stay whole."""
    before = snapshot(few, "data")
    out = experiment(few, "prune", "--dry-run").out
    assert out.count("would remove run ") == 3 and "would be freed" in out
    assert snapshot(few, "data") == before

    first, _, third, *others = runs_of(few)
    out = experiment(few, "prune", LATE, "--keep", "1").out
    assert f"removed  run {first.run} ({LATE}/base rate, " in out and " freed" in out
    assert runs_of(few) == (third, *others)
    project = find_project(few)
    summary = store.read_summary(project, LATE)
    assert summary is not None
    assert [row.run for row in summary.runs if not row.current] == [third.run]
    assert summary.leader and {gap.against for gap in summary.comparisons} >= {"best", "split"}
    for run in others:
        path = (store.run_folder(project, run) / store.RECORD).relative_to(few).as_posix()
        assert before[path] == (few / path).read_bytes()
    experiment(few, "prune")
    again = snapshot(few, "data")
    assert experiment(few, "prune").out == "0 bytes freed\n" and snapshot(few, "data") == again


def test_prune_work_that_is_left(few: Path) -> None:
    """Work of runs that are done goes, and that of runs which are unfinished stays."""
    home = find_project(few).work_dir / "experiments" / LATE
    done, unfinished = (home / "runs" / f"{key}-1" for key in (runs_of(few)[-1].key, "0" * 32))
    for folder in (done, unfinished, home / "runs" / "rerun-1", home / "rows-1", home / "failures"):
        folder.mkdir(parents=True)
        (folder / "file.txt").write_bytes(b"x" * 1000)
    out = experiment(few, "prune").out
    assert f"removed  work of {LATE} (3.0 kB)" in out
    left = sorted(path.name for path in home.rglob("*") if path.is_dir())
    assert left == [unfinished.name, "rows-1", "runs"]
    unfinished.rename(done)
    experiment(few, "prune")
    assert not home.exists()


def test_prune_all_that_there_is(tmp_path: Path) -> None:
    """Where no run is left, the experiment was never run."""
    root = write_project(tmp_path, NEVER)
    run = write_run(root, "never")
    write_experiment(root, "never", [run], outdated=1)
    assert "removed  run" in experiment(root, "prune", "never").out
    assert "never: never run" in experiment(root, "list").out
    assert not store.folder_of(find_project(root), "never").exists()
