"""The leaderboard of an experiment, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from analysis.cli.experiment.names import Tried, find_experiment, not_run_yet
from analysis.cli.experiment.panel import bias, panel
from analysis.cli.experiment.table import beside, pairs, shortened, table
from analysis.cli.experiment.words import dumped, gap, memory, metric, model_size, seconds
from analysis.experiments.comparing.honesty import honesty
from analysis.experiments.comparing.leaderboard import Place, failures, leaderboard, outdated
from analysis.project import Project


def show_experiment(project: Project, name: str, as_json: bool) -> None:
    """Print the candidates of an experiment, the best first."""
    tried = find_experiment(project, name)
    if tried is None:
        print(dumped({"experiment": name, "candidates": []}) if as_json else not_run_yet(name))
        return
    if as_json:
        print(dumped(_record(tried)))
        return
    for line in _lines(tried):
        print(line)


def _lines(tried: Tried) -> Iterator[str]:
    summary = tried.summary
    yield summary.question
    yield f"{summary.sample}: {summary.target}; {summary.split}; drawn by {summary.blocks}"
    places = leaderboard(tried.runs, summary)
    if places:
        yield ""
        yield from _board(places, summary.metric)
    if places and len(summary.metrics) > 1:
        yield ""
        yield from _others(places, summary.metrics[1:])
    if sentence := bias(tried):
        yield f"\n{sentence}"
    yield from panel(tried)
    yield from _failed(tried)
    if old := outdated(tried.runs, summary):
        told = "1 run is" if len(old) == 1 else f"{len(old):,} runs are"
        yield f"\n{told} of what is no longer declared:"
        yield f"  `analysis experiment prune {summary.experiment}` removes what is not current"


def _board(places: Sequence[Place], name: str) -> Iterator[str]:
    header = ("candidate", "run", name, "difference", "", "fit", "size", "memory")
    yield from table(header, [_row(place, name) for place in places], {5, 6, 7})


def _row(place: Place, name: str) -> tuple[str, ...]:
    run = place.run
    mark = {"best": "best", "close": "≈ best"}.get(place.standing, "")
    return (
        shortened(run.candidate, 24),
        run.run,
        metric(run.metric(name)),
        # An interval of the difference is in `compare`, where there is room for it.
        gap(place.gap).partition(" ")[0].rstrip(",") if place.gap else "",
        mark,
        seconds(run.seconds.fit),
        model_size(run),
        memory(run),
    )


def _others(places: Sequence[Place], names: Sequence[str]) -> Iterator[str]:
    rows = [
        (shortened(p.run.candidate, 24), *(metric(p.run.metric(name)) for name in names))
        for p in places
    ]
    yield from beside(("candidate", *names), rows)


def _failed(tried: Tried) -> Iterator[str]:
    found = failures(tried.runs, tried.summary)
    if found:
        yield "\nfailed"
    for run in found:
        assert run.failure is not None
        under = f" under {run.split.label}" if run.role == "honesty" else ""
        told = f"{run.failure.what} ({run.failure.during})"
        yield from pairs([(f"{run.run}  {shortened(run.candidate)}{under}", told)], "  ")


def _record(tried: Tried) -> dict[str, Any]:
    summary = tried.summary
    told = ("experiment", "question", "owner", "task", "sample", "features", "target", "positive")
    more = ("metric", "best", "metrics", "split", "blocks", "leader", "baseline", "updated")
    return {
        **{name: getattr(summary, name) for name in (*told, *more, "selection_bias")},
        "candidates": [_place(place) for place in leaderboard(tried.runs, summary)],
        "failed": [
            {"run": run.run, "candidate": run.candidate, "role": run.role, **asdict(run.failure)}
            for run in failures(tried.runs, summary)
            if run.failure
        ],
        "honesty": [asdict(row) for row in honesty(tried.runs, summary)],
        "outdated": [run.run for run in outdated(tried.runs, summary)],
        "damaged": tried.damaged,
    }


def _place(place: Place) -> dict[str, Any]:
    run = place.run
    return {
        "candidate": run.candidate,
        "family": run.family,
        "run": run.run,
        "status": run.status,
        "standing": place.standing,
        "from_best": asdict(place.gap) if place.gap else None,
        "metrics": [asdict(found) for found in run.metrics],
        "fit_seconds": run.seconds.fit,
        "model_bytes": run.model.bytes if run.model else None,
        "memory_mb": run.memory_mb,
    }
