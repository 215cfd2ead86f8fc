"""``analysis experiment compare``: candidates against the best one and against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.cli.experiment.names import Tried
    from analysis.experiments.runs.record import Best, Comparison, Run

_VERDICTS = {
    "close": "≈ {other}",
    "better": "better",
    "worse": "worse",
    "other": "differs",
    "unknown": "?",
}


def compare(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An experiment.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    metric: Annotated[
        str | None, typer.Option("--metric", help="A metric; by default the one that decides.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare the candidates of an experiment with the best one and with the baseline.

    Example: analysis experiment compare late-flights --metric brier
    """
    from analysis.cli.experiment.names import find_experiment, not_run_yet
    from analysis.cli.experiment.words import dumped
    from analysis.project import find_project

    tried = find_experiment(find_project(folder), name)
    if tried is None:
        print(dumped({"experiment": name, "comparisons": []}) if as_json else not_run_yet(name))
        return
    wanted = _metric(tried, metric)
    if as_json:
        print(dumped(_record(tried, metric)))
        return
    for line in _lines(tried, wanted):
        print(line)


def _metric(tried: Tried, name: str | None) -> str:
    import difflib

    from analysis.errors import ExperimentError

    summary = tried.summary
    if name is None or name in summary.metrics:
        return name or summary.metric
    close = difflib.get_close_matches(name, summary.metrics, n=1)
    raise ExperimentError(
        f"`{summary.experiment}` has no metric `{name}`",
        hint=f"did you mean `{close[0]}`?" if close else f"it has {', '.join(summary.metrics)}",
    )


def _lines(tried: Tried, metric: str) -> Iterator[str]:
    from analysis.cli.experiment.panel import bias, panel
    from analysis.cli.experiment.words import metric as written

    summary = tried.summary
    runs = {run.run: run for run in tried.runs}
    for against, name in (("best", summary.leader), ("baseline", summary.baseline)):
        other = runs.get(name or "")
        if other is None:
            yield f"there is no {against} to compare with"
            continue
        yield f"against the {against}: {other.candidate}, {metric} {written(other.metric(metric))}"
        yield from _table(tried, against, metric)
        yield ""
    yield from _read()
    if sentence := bias(tried):
        yield sentence
    yield from panel(tried)


def _read() -> Iterator[str]:
    yield "Intervals of 95 % are of the paired block bootstrap, p of the corrected resampled t-test"
    yield "(Nadeau and Bengio 2003). ≈ where not both tell the runs apart, the bootstrap among all"
    yield "candidates at once, since of many one is far off by chance (Romano and Wolf 2005)."


def _table(tried: Tried, against: str, metric: str) -> Iterator[str]:
    from analysis.cli.experiment.table import table
    from analysis.experiments.comparing.leaderboard import best_of, comparisons, leaderboard

    runs = {place.run.run: place.run for place in leaderboard(tried.runs, tried.summary)}
    order = [*runs]
    best = best_of([*runs.values()], metric)
    found = [gap for gap in comparisons(tried.summary, against, metric) if gap.run in runs]
    if not found:
        yield "  no other run to compare with it"
        return
    found.sort(key=lambda gap: order.index(gap.run))
    rows = [_row(gap, runs[gap.run], against, best) for gap in found]
    yield from table(("candidate", "run", "difference", "p", ""), rows, {3})


def _row(gap: Comparison, run: Run, against: str, best: Best) -> tuple[str, ...]:
    from analysis.cli.experiment.table import shortened
    from analysis.cli.experiment.words import chance
    from analysis.cli.experiment.words import gap as written
    from analysis.experiments.comparing.leaderboard import standing

    verdict = _VERDICTS[standing(gap, best)].format(other=against)
    if not gap.paired:
        verdict += ", not paired"
    return shortened(run.candidate, 36), run.run, written(gap), chance(gap.p), verdict


def _record(tried: Tried, metric: str | None) -> dict[str, Any]:
    from dataclasses import asdict

    from analysis.experiments.comparing.honesty import honesty

    summary = tried.summary
    names = {run.run: run.candidate for run in tried.runs}
    return {
        "experiment": summary.experiment,
        "metric": summary.metric,
        "best": summary.leader,
        "baseline": summary.baseline,
        "selection_bias": summary.selection_bias,
        "comparisons": [
            {"candidate": names.get(gap.run), **asdict(gap)}
            for gap in summary.comparisons
            if metric in (None, gap.metric)
        ],
        "honesty": [asdict(row) for row in honesty(tried.runs, summary)],
    }
