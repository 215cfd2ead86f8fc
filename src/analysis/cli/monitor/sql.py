"""``analysis monitor sql``: what a report tells of a model, as the query that gives it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.monitoring.declared.record import Monitor
    from analysis.project import Project


def sql(
    metric: Annotated[
        str | None, typer.Argument(metavar="METRIC", help="A metric, as `--list` names it.")
    ] = None,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A model; not needed where one is monitored only."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="A folder of the project.")] = Path(),
    listing: Annotated[
        bool, typer.Option("--list", help="Name all metrics, and stop there.")
    ] = False,
) -> None:
    """Print the query that gives a metric of a model by period, which runs in the warehouse.

    Example: analysis monitor sql observed_expected late-flights > calibration.sql
    """
    from analysis.monitoring.metrics.registry import find_metric

    if listing:
        _list()
        return
    if metric is None:
        raise typer.BadParameter("name a metric, or give `--list`")
    from analysis.project import find_project

    found = find_metric(metric)
    monitor = _monitor(find_project(folder), name)
    print(found.sql(monitor, monitor.model), end="")


def _list() -> None:
    from analysis.cli.experiment.table import table
    from analysis.monitoring.metrics.registry import METRICS

    rows = [(metric.name, metric.unit, metric.group, metric.what) for metric in METRICS]
    print("\n".join(table(("metric", "unit", "", ""), rows)))


def _monitor(project: Project, name: str | None) -> Monitor:
    from analysis.cli.model.opened import opened
    from analysis.errors import ModelError
    from analysis.monitoring.declared.file import monitor_of, read_monitors
    from analysis.monitoring.stored.places import monitoring_folder

    monitors = read_monitors(project).monitors
    if name is None:
        known = tuple(monitors) or opened(project).names()
        if len(known) == 1:
            return monitor_of(project, known[0])
        told = f"one of {', '.join(sorted(known))}" if known else "a model"
        raise ModelError("whose metric is meant?", hint=f"name {told} after the metric")
    # A model that is not declared is monitored, too; of one that is gone the counts may be here.
    if name not in monitors and not monitoring_folder(project, name).is_dir():
        registry = opened(project)
        if name not in registry.names():
            registry.find(name)
    return monitor_of(project, name)
