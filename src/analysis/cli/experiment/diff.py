"""``analysis experiment diff``: what is not the same in one run as in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.experiments.comparing.changes import Change
    from analysis.experiments.comparing.diff import Diff, MetricChange
    from analysis.experiments.comparing.flips import Flips
    from analysis.experiments.runs.record import Run

_SHORT = 12


def diff(
    a: Annotated[
        str, typer.Argument(metavar="A", help="A run, or a candidate as EXPERIMENT/CANDIDATE.")
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="The run that it is compared with.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="How many predictions that flip are shown.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Say what changed from run A to run B: what they are made of, metrics, predictions.

    Example: analysis experiment diff late-flights/logistic late-flights/tree
    """
    from analysis.cli.experiment.names import named_run
    from analysis.cli.experiment.words import dumped
    from analysis.experiments.comparing.diff import diff as changed
    from analysis.project import find_project

    project = find_project(folder)
    found = changed(project, named_run(project, a), named_run(project, b), rows)
    if as_json:
        print(dumped(_record(found)))
        return
    for line in _lines(found):
        print(line)


def _lines(found: Diff) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    yield from pairs([("A", _named(found.then)), ("B", _named(found.now))])
    if found.is_same_made:
        yield "both are made of the same"
    for title, changes in (
        ("about", found.about),
        ("parameters", found.parameters),
        ("recipe", found.recipe),
        ("seeds", found.seeds),
        ("packages", found.packages),
        ("code", found.code),
    ):
        yield from _section(title, changes)
    yield from _features(found)
    if found.metrics:
        yield "\nmetrics"
        yield from _metrics(found.metrics)
    yield from _flips(found.flips)


def _named(run: Run) -> str:
    from analysis.cli.experiment.words import moment

    under = f" under {run.split.label}" if run.role == "honesty" else ""
    return f"{run.run}  {run.experiment}/{run.candidate}{under}, {moment(run.created)}"


def _section(title: str, changes: Sequence[Change]) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    if changes:
        yield f"\n{title}"
        told = [(one.name, f"{_value(one.then)} → {_value(one.now)}") for one in changes]
        yield from pairs(told, "  ")


def _value(found: Any) -> str:
    from analysis.cli.experiment.words import setting

    text = setting(found)
    is_mark = len(text) == 32 and all(character in "0123456789abcdef" for character in text)
    return text[:_SHORT] if is_mark else text


def _features(found: Diff) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    told = [
        ("only in A", ", ".join(found.removed)),
        ("only in B", ", ".join(found.added)),
        ("order", "another" if found.reordered else ""),
        ("other content", ", ".join(found.columns)),
    ]
    if facts := [fact for fact in told if fact[1]]:
        yield "\ncolumns"
        yield from pairs(facts, "  ")


def _metrics(changes: Sequence[MetricChange]) -> Iterator[str]:
    from analysis.cli.experiment.table import table
    from analysis.cli.experiment.words import chance, value, within

    header = ("", "A", "B", "difference", "p", "")
    rows = [
        (
            one.name,
            value(one.then),
            value(one.now),
            within(one.difference, one.low, one.high, sign=True),
            chance(one.p),
            _verdict(one),
        )
        for one in changes
    ]
    yield from table(header, rows, {1, 2, 4})


def _verdict(one: MetricChange) -> str:
    if one.difference is None or one.low is None:
        return "?"
    told = "differs" if one.distinguishable else "≈"
    return told if one.paired else f"{told}, not paired"


def _flips(found: Flips) -> Iterator[str]:
    from analysis.cli.experiment.table import beside

    if found.missing:
        yield f"\npredictions cannot be compared: {found.missing}"
        return
    yield f"\n{found.total:,} of {found.rows:,} rows are predicted otherwise"
    if not found.flips:
        return
    known = any(flip.chance_then is not None for flip in found.flips)
    header = (*found.key, "target", "A", "B", *(("chance A", "chance B") if known else ()))
    rows = [
        (
            *(str(part) for part in flip.key),
            *(str(part) for part in (flip.target, flip.then, flip.now)),
            *((_chance(flip.chance_then), _chance(flip.chance_now)) if known else ()),
        )
        for flip in found.flips
    ]
    yield from beside(header, rows)


def _chance(found: float | None) -> str:
    from analysis.report.formats import number

    return number(found, 3)


def _record(found: Diff) -> dict[str, Any]:
    from dataclasses import asdict, replace

    # What is told of each run is in `show`.
    bare = asdict(replace(found, then=None, now=None))  # type: ignore[arg-type]
    sides = {
        side: {"run": run.run, "experiment": run.experiment, "candidate": run.candidate}
        for side, run in (("then", found.then), ("now", found.now))
    }
    return {**bare, **sides, "same_made": found.is_same_made}
