"""All that is told of one run, as text and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from analysis.cli.console import size
from analysis.cli.experiment.names import known_experiments, unknown
from analysis.cli.experiment.table import beside, pairs, table
from analysis.cli.experiment.words import (
    dumped,
    memory,
    metric,
    moment,
    seconds,
    setting,
    settings,
    value,
    within,
)
from analysis.experiments.comparing.changes import flattened
from analysis.experiments.runs.record import FileRecord, Run
from analysis.experiments.runs.store import find_run, read_summary, run_folder
from analysis.project import Project

_SHORT = 12
_RUN = re.compile(r"[0-9a-f]{1,32}")
Facts = Sequence[tuple[str, str]]


def show_run(project: Project, name: str, as_json: bool) -> None:
    """Print all that is told of a run.

    Raises
    ------
    ExperimentError
        There is none of this name, or there are several.
    """
    if not _RUN.fullmatch(name) and known_experiments(project):
        raise unknown(project, name, "experiment or run")
    run = find_run(project, name)
    summary = read_summary(project, run.experiment)
    is_current = summary is not None and run.run in summary.current
    missing = [
        file.file
        for file in (run.predictions, run.model)
        if file and not (run_folder(project, run) / file.file).is_file()
    ]
    if as_json:
        print(dumped({**asdict(run), "current": is_current, "missing": missing}))
        return
    for line in _lines(run, is_current, missing):
        print(line)
    if run.failure:
        for line in _traceback(project, run):
            print(line)


def _traceback(project: Project, run: Run) -> Iterator[str]:
    # What runs experiments takes seconds to load.
    from analysis.experiments.running.assemble import traceback_of

    path = traceback_of(project, run)
    if path.is_file():
        yield f"its traceback: {path.relative_to(project.root).as_posix()}"


def _lines(run: Run, is_current: bool, missing: Sequence[str]) -> Iterator[str]:
    yield from pairs(_about(run, is_current))
    yield from _section("parameters", settings(run.parameters))
    yield from _section("data", _data(run))
    yield from _section(
        "fingerprints of columns", [(name, mark) for name, mark in run.data.columns.items()]
    )
    yield from _section("made by", _recipe(run))
    if run.metrics:
        yield "\nmetrics, with 95% intervals"
        header = ("", "by blocks", "by folds", "best")
        yield from table(header, [_metric(run, one.name) for one in run.metrics])
    if run.folds:
        yield "\nfolds"
        yield from _folds(run)
    yield from _section("cost", _cost(run))
    yield from _section("origin", _origin(run))
    yield from _section("files", _files(run, missing))
    if run.failure:
        yield f"\nto try it again: `analysis experiment run {run.experiment} --retry`"
    else:
        yield f"\nto repeat it: `{run.command}`"


def _section(title: str, facts: Facts) -> Iterator[str]:
    if facts:
        yield f"\n{title}"
        yield from pairs(facts, "  ")


def _about(run: Run, is_current: bool) -> Facts:
    failure = run.failure
    of = f" (of the search space {run.family})" if run.family != run.candidate else ""
    state = run.status if is_current else f"{run.status}; not of what is declared now"
    facts = [
        ("run", run.run),
        ("key", run.key),
        ("experiment", run.experiment),
        ("candidate", f"{run.candidate}{of}"),
        ("role", run.role),
        ("status", state),
        ("made", moment(run.created)),
        ("task", run.task),
        ("estimator", run.estimator),
        ("split", _split(run)),
        ("blocks", f"{run.blocks.count:,} by {run.blocks.label}"),
        ("seeds", ", ".join(f"{name} {seed}" for name, seed in run.seeds.items())),
    ]
    return [*facts, ("failure", f"{failure.what} ({failure.during})")] if failure else facts


def _split(run: Run) -> str:
    column = f", of {run.split.column}" if run.split.column else ""
    return f"{run.split.label}{column}, seed {run.split.seed}"


def _data(run: Run) -> Facts:
    data = run.data
    return [
        ("sample", f"{data.sample}, {data.rows:,} rows, key {', '.join(data.key)}"),
        ("target", data.target + (f", positive {data.positive}" if data.positive else "")),
        *([("classes", ", ".join(data.classes))] if data.classes else []),
        *((view, ", ".join(columns)) for view, columns in data.features.items()),
    ]


def _recipe(run: Run) -> Facts:
    """Write steps and preprocessing; parameters of the model stand elsewhere."""
    told = ("estimator", "parameters")
    return [
        (path, setting(part))
        for path, part in flattened(run.recipe)
        if path.split(".")[0] not in told and part not in ({}, [], (), None)
    ]


def _metric(run: Run, name: str) -> tuple[str, ...]:
    found = run.metric(name)
    assert found is not None
    best = {"one": "at 1", "zero": "at 0"}.get(found.best, found.best)
    return name, metric(found), within(found.value, found.fold_low, found.fold_high), best


def _folds(run: Run) -> Iterator[str]:
    names = [one.name for one in run.metrics]
    rows = [
        (
            str(fold.fold),
            f"{fold.train_rows:,}",
            f"{fold.test_rows:,}",
            *(value(fold.metrics.get(name)) for name in names),
            seconds(fold.fit_seconds),
            seconds(fold.score_seconds),
            f"{fold.memory_mb:,.0f} MB",
        )
        for fold in run.folds
    ]
    yield from beside(("fold", "train", "test", *names, "fit", "score", "memory"), rows)


def _cost(run: Run) -> Facts:
    spent = run.seconds
    return [
        ("fit", seconds(spent.fit)),
        ("score", seconds(spent.score)),
        ("all other", seconds(spent.diagnose)),
        ("memory", memory(run)),
    ]


def _origin(run: Run) -> Facts:
    origin = run.origin
    dirty = " with uncommitted changes" if origin.dirty else ""
    found = [
        ("commit", f"{origin.commit or 'none'}{dirty}"),
        ("python", f"{origin.python}, {origin.platform}"),
        ("packages", ", ".join(f"{name} {version}" for name, version in origin.packages.items())),
    ]
    code = ", ".join(f"{path} {mark[:_SHORT]}" for path, mark in origin.code.items())
    return [*found, ("code", code)] if code else found


def _files(run: Run, missing: Sequence[str]) -> Facts:
    found = [file for file in (run.model, run.predictions) if file]
    return [(file.file, _file(file, file.file in missing)) for file in found]


def _file(file: FileRecord, is_missing: bool) -> str:
    told = f"{size(file.bytes)}, sha256 {file.sha256[:_SHORT]}…"
    return f"{told}, is not here: rerun it" if is_missing else told
