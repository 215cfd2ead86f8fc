"""``analysis monitor labels``: what came true of predictions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.monitoring.declared.record import Monitor
    from analysis.monitoring.labels.keeping import Kept
    from analysis.monitoring.labels.outcome import Outcome


def labels(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A model.")],
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|QUERY", help="CSV, Parquet, JSON or NDJSON; or a SELECT on the warehouse."
        ),
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
) -> None:
    """Hand in labels: what came true of what a model predicted. All of them are taken, or none.

    The label is in a column `label`, or in one that is named as the target of the model. Which
    prediction it is of, `request` (and `row`) say, or the columns of the key; `time` is when it
    happened, if the key does not say it, and `known` when it was known.

    Example: analysis monitor labels late-flights delays.csv
    """
    from analysis.cli.model.opened import found, opened
    from analysis.monitoring.declared.file import monitor_of
    from analysis.monitoring.labels.joined import joining
    from analysis.monitoring.labels.keeping import keep
    from analysis.monitoring.labels.outcome import outcome
    from analysis.project import find_project

    project = find_project(folder)
    version, model = found(opened(project), name)
    bundle = version.bundle
    monitor = monitor_of(project, bundle.model)
    kept = keep(project, bundle, source)
    told = outcome(project, bundle.model, joining(model.versions, monitor), kept)
    for line in _lines(kept, told, monitor, project.root):
        print(line)


def _lines(kept: Kept, told: Outcome, monitor: Monitor, root: Path) -> Iterator[str]:
    from analysis.cli.experiment.table import table

    if kept.before:
        yield f"nothing new: these labels of {monitor.model} were handed in before, as"
        yield f"  {kept.before.relative_to(root)}"
        return
    yield f"labels of {monitor.model} from {kept.given.name}"
    wait = f"{monitor.wait_days:g} day{'' if monitor.wait_days == 1 else 's'}"
    rows = [
        ("read", kept.rows, ""),
        ("left out", kept.empty, "without a label"),
        ("matched", told.matched, f"of {told.predictions:,} predictions"),
        ("unmatched", told.unmatched, "of no prediction: kept, and joined when there is one"),
        ("duplicate", told.duplicate, "say again what was said before"),
        ("contradicting", told.contradicting, "say another thing than before: the last counts"),
        ("late", told.late, f"predictions whose label came after more than {wait}"),
    ]
    always = ("read", "matched", "unmatched")
    shown = [
        (name, f"{count:,}", why if count or name == "matched" else "")
        for name, count, why in rows
        if count or name in always
    ]
    yield from table(("", "", ""), shown, {1})
    if kept.columns.unused:
        yield f"not used: {', '.join(kept.columns.unused)}"
    yield f"kept in {kept.path.relative_to(root)}" if kept.path else "there is nothing to keep"
