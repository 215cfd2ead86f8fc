"""``analysis monitor forget``: a subject is removed from log and labels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.monitoring.forgetting.forget import Forgotten

_DAYS = 10


def forget(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A model.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    *,
    key: Annotated[
        str,
        typer.Option(
            metavar="COLUMN=VALUE[,…]", help="Who: values of the key, or of personal fields."
        ),
    ],
) -> None:
    """Remove all rows of a subject from the log of predictions and from labels.

    The value is named as it is, also where the log has a hash of it. Days with such rows are
    counted again by the next `analysis monitor update`. Ends with 1 if rows are left, as a server
    writes their segment now.

    Example: analysis monitor forget late-flights --key id=17
    """
    from analysis.cli.model.opened import found, opened
    from analysis.cli.workflow import locked
    from analysis.errors import ExitCode
    from analysis.monitoring.declared.file import monitor_of
    from analysis.monitoring.forgetting.forget import forget as forget_subject
    from analysis.monitoring.forgetting.subject import subject_of
    from analysis.monitoring.labels.joined import joining
    from analysis.project import find_project

    project = find_project(folder)
    version, kept = found(opened(project), name)
    bundle = version.bundle
    subject = subject_of(project, bundle, key)
    how = joining(kept.versions, monitor_of(project, bundle.model))
    with locked(project):
        done = forget_subject(project, bundle.model, how, subject)
    for line in _lines(bundle.model, done, project.root):
        print(line)
    if done.left or done.damaged:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _lines(model: str, done: Forgotten, root: Path) -> Iterator[str]:
    yield f"forgotten  {model}: {_count(done.rows, 'prediction')}, {_count(done.labels, 'label')}"
    if done.days:
        some = ", ".join(map(str, done.days[:_DAYS]))
        more = len(done.days) - _DAYS
        yield f"to be counted again by `analysis monitor update`: {some}" + (
            f" and {more} more days" if more > 0 else ""
        )
    if done.left:
        where = ", ".join(str(path.relative_to(root)) for path in done.held)
        yield f"left: {_count(done.left, 'prediction')} in what a server writes now: {where}"
        yield "  do it again when it has ended, or tomorrow, when it begins another segment"
    for path in done.damaged:
        yield f"left: {path.relative_to(root)} is damaged, and was not looked into: remove it"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
