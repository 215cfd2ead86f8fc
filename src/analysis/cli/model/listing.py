"""``analysis model list``: the versions of all models, and the stage of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.models.bundle.record import Version
    from analysis.models.registry.reading import Kept


def listing(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the versions of models with their stages, first metrics and proofs.

    Example: analysis model list
    """
    from analysis.cli.experiment.table import table
    from analysis.cli.experiment.words import dumped
    from analysis.cli.model.opened import opened, warn_of
    from analysis.project import find_project

    registry = opened(find_project(folder))
    found = [registry.kept(name) for name in registry.names()]
    for kept in found:
        warn_of(kept.remarks)
    if as_json:
        print(dumped({"models": [_record(kept) for kept in found]}))
        return
    rows = [_row(version) for kept in found for version in reversed(kept.versions)]
    if not rows:
        print("no models: `analysis model promote RUN --as NAME` makes one of a run")
        return
    header = ("model", "stage", "run", "created", "by", "metric", "parity", "size")
    for line in table(header, rows, {7}):
        print(line)


def _row(version: Version) -> tuple[str, ...]:
    from analysis.cli.console import size
    from analysis.cli.experiment.table import shortened
    from analysis.cli.experiment.words import moment
    from analysis.cli.model.words import first_metric
    from analysis.models.registry.parity import parity, size_of
    from analysis.models.registry.stages import name_of
    from analysis.report.formats import MISSING

    bundle = version.bundle
    return (
        name_of(version),
        version.stage,
        bundle.provenance.run,
        moment(bundle.created),
        shortened(bundle.by or MISSING, 16),
        first_metric(version),
        parity(version),
        size(size_of(version)),
    )


def _record(kept: Kept) -> dict[str, Any]:
    return {
        "model": kept.model,
        "versions": [_short(version) for version in kept.versions],
        "damaged": [
            {"id": name, "number": kept.numbers.get(name), "why": why}
            for name, why in kept.damage.items()
        ],
    }


def _short(version: Version) -> dict[str, Any]:
    from dataclasses import asdict

    from analysis.models.registry.parity import parity, size_of
    from analysis.models.registry.stages import name_of

    bundle = version.bundle
    return {
        "name": name_of(version),
        "number": version.number,
        "id": version.id,
        "stage": version.stage,
        "run": bundle.provenance.run,
        "experiment": bundle.provenance.experiment,
        "created": bundle.created,
        "by": bundle.by,
        "metric": asdict(bundle.metrics[0]) if bundle.metrics else None,
        "parity": parity(version),
        "bytes": size_of(version),
    }
