"""``analysis model promote``: make a version of a model from a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.models.bundle.record import Version
    from analysis.models.promoting.promote import Promoted
    from analysis.models.promoting.source import Refit
    from analysis.models.registry.registry import Registry


def promote(
    run: Annotated[
        str,
        typer.Argument(metavar="RUN", help="A run; may be shortened, or experiment/candidate."),
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    *,
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="The model.")],
    refit: Annotated[
        str,
        typer.Option(metavar="none|full", help="`full` fits it anew, on all rows as they are now."),
    ] = "none",
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason, for others.")] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who does it; default: git's or the system's."),
    ] = None,
    no_validate: Annotated[
        bool, typer.Option("--no-validate", help="Leave the parity certificate for later.")
    ] = False,
) -> None:
    """Make a version of a model from a run: all that it takes to use it, and to see it is right.

    The run's own model is taken. Where its file is missing, as after a clone, it is fitted again,
    to the last byte the same. The version begins as a candidate, and is put through all ways of
    predicting at once, as `analysis model validate` does it.

    Example: analysis model promote late-flights/boosting --as late-flights
    """
    from analysis.cli.console import warn
    from analysis.models.registry.stages import name_of

    registry, done = _made(folder, run, name, _refit(refit), (by, (why or "").strip() or None))
    for line in told(done):
        print(line)
    if personal := [field.name for field in done.version.bundle.fields if field.personal]:
        warn(None, f"the model takes what tells of people: {', '.join(personal)}")
    if no_validate:
        print(f"next     analysis model validate {name_of(done.version)}")
    else:
        _prove(registry, done.version)


def _made(
    folder: Path, run: str, name: str, refit: Refit, said: tuple[str | None, str | None]
) -> tuple[Registry, Promoted]:
    """Make the version; ``said`` is by whom and why."""
    from analysis.cli.experiment.names import named_run
    from analysis.cli.model.opened import opened
    from analysis.cli.workflow import locked
    from analysis.models.promoting.bundle import Wanted
    from analysis.models.promoting.promote import promote as make
    from analysis.models.registry.naming import check_model_name
    from analysis.models.registry.who import who
    from analysis.project import find_project

    project = find_project(folder)
    check_model_name(name)
    by, why = said
    with locked(project):
        registry = opened(project)
        wanted = Wanted(name, refit, by or who(project.root), why)
        return registry, make(project, registry, named_run(project, run), wanted)


def _prove(registry: Registry, version: Version) -> None:
    """Make the certificate of a new version; the version stays, also where that fails."""
    from analysis.cli.console import warn
    from analysis.cli.model.proving import prove
    from analysis.cli.model.proving import told as lines
    from analysis.errors import AnalysisError, ExitCode
    from analysis.models.registry.stages import name_of

    name = name_of(version)
    try:
        proof = prove(registry, version)
    except AnalysisError as error:
        warn(error.where, f"there is no parity certificate yet: {error.what}")
        print(f"next     {error.hint or 'mend that'}; then analysis model validate {name}")
        return
    for line in ("", *lines(proof)):
        print(line)
    if not proof.passed:
        raise typer.Exit(ExitCode.SOME_FAILED)
    print(f"next     analysis model stage {name} champion --why TEXT")


def told(done: Promoted) -> Iterator[str]:
    """Say what the version is, what it consists of, and what to do next."""
    from analysis.cli.console import size
    from analysis.models.registry.stages import name_of

    bundle, version = done.version.bundle, name_of(done.version)
    made = bundle.provenance
    refit = ", fitted anew" if made.refit else ""
    yield f"promoted {version}  {made.experiment}/{made.candidate}, run {made.run}{refit}"
    for file in bundle.files:
        yield f"  {file.file:<16} {size(file.bytes)}"
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in done.golden.kinds.items())
    yield f"cases    {len(done.golden.cases):,}: {kinds}"
    if done.golden.left_out:
        known, left = done.golden.thresholds, done.golden.left_out
        yield f"         {known - left:,} of {known:,} thresholds are tried, spread evenly"
    if done.golden.categories_left_out:
        yield f"         {done.golden.categories_left_out:,} categories are not tried"
    if bundle.uncompiled:
        yield f"no SQL   {bundle.uncompiled.step}: {bundle.uncompiled.why}"
    else:
        yield "as SQL   prediction.sql"


def _refit(text: str) -> Refit:
    from analysis.errors import ModelError

    if text == "full":
        return "full"
    if text == "none":
        return "none"
    raise ModelError(f"a model is not refitted `{text}`", hint="`--refit full` fits it anew")
