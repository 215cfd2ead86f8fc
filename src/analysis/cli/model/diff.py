"""``analysis model diff``: what is not the same in one version as in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.experiments.comparing.changes import Change
    from analysis.models.bundle.record import Version
    from analysis.models.registry.difference import Difference, FieldChange, MetricPair

_SHORT = 12
_FINGERPRINTS = (32, 40, 64)


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A version, such as late-flights@1.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The version that it is compared with.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Say what changed from version A to version B: fields, data, parameters, metrics, packages.

    Example: analysis model diff late-flights@1 late-flights@2
    """
    from analysis.cli.experiment.words import dumped
    from analysis.cli.model.opened import found, opened
    from analysis.models.registry.difference import difference
    from analysis.project import find_project

    registry = opened(find_project(folder))
    then, now = (found(registry, name)[0] for name in (a, b))
    told = difference(then, now)
    if as_json:
        print(dumped(_record(told)))
        return
    for line in _lines(told):
        print(line)


def _lines(found: Difference) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    yield from pairs([("A", _named(found.then)), ("B", _named(found.now))])
    if found.is_same:
        yield "both have the same files"
    yield from _section("about", found.about)
    yield from _section("parameters", found.parameters)
    yield from _section("recipe", found.recipe)
    yield from _fields(found)
    yield from _metrics(found.metrics)
    yield from _section("seeds", found.seeds)
    yield from _section("packages", found.packages)
    yield from _section("code", found.code)
    yield from _section("files", found.files)


def _named(version: Version) -> str:
    from analysis.cli.experiment.words import moment
    from analysis.models.registry.stages import name_of

    made = version.bundle.provenance
    when = moment(version.bundle.created)
    return f"{name_of(version)}, {version.stage}, {made.experiment}/{made.candidate}, {when}"


def _section(title: str, changes: Sequence[Change]) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    if changes:
        yield f"\n{title}"
        yield from pairs([(one.name, _change(one)) for one in changes], "  ")


def _change(one: Change) -> str:
    return f"{_value(one.then)} → {_value(one.now)}"


def _value(found: Any) -> str:
    from analysis.cli.experiment.words import setting

    text = setting(found)
    is_mark = len(text) in _FINGERPRINTS and {*text} <= {*"0123456789abcdef"}
    return text[:_SHORT] if is_mark else text


def _fields(found: Difference) -> Iterator[str]:
    from analysis.cli.experiment.table import pairs

    told = [
        ("only in A", ", ".join(field.name for field in found.removed)),
        ("only in B", ", ".join(field.name for field in found.added)),
        ("other content", ", ".join(found.columns)),
        *((field.name, _field(field)) for field in found.fields),
    ]
    if facts := [fact for fact in told if fact[1]]:
        yield "\nfields"
        yield from pairs(facts, "  ")


def _field(field: FieldChange) -> str:
    told = [f"{one.name} {_change(one)}" for one in field.changes]
    told += [f"new: {', '.join(field.added)}"] if field.added else []
    told += [f"gone: {', '.join(field.removed)}"] if field.removed else []
    return "; ".join(told) or "its values are distributed otherwise"


def _metrics(pairs: Sequence[MetricPair]) -> Iterator[str]:
    from analysis.cli.experiment.table import table
    from analysis.cli.experiment.words import metric

    if pairs:
        yield "\nmetrics, with 95% intervals"
        rows = [(one.name, metric(one.then), metric(one.now)) for one in pairs]
        yield from table(("", "A", "B"), rows)


def _record(found: Difference) -> dict[str, Any]:
    from dataclasses import asdict, replace

    from analysis.models.registry.stages import name_of

    # What is told of each version is in `show`.
    bare = asdict(replace(found, then=None, now=None))  # type: ignore[arg-type]
    sides = {"then": name_of(found.then), "now": name_of(found.now)}
    return {**bare, **sides, "same": found.is_same}
