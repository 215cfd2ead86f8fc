"""Whether what is declared fits the models that there are."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from analysis.errors import Location, ProjectError
from analysis.models.bundle.record import Bundle
from analysis.models.registry.registry import Registry
from analysis.monitoring.declared.checking import EACH
from analysis.monitoring.declared.file import Declared
from analysis.monitoring.declared.metrics import METRICS
from analysis.monitoring.declared.record import Monitor
from analysis.warehouse.monitored import SCORE, SEGMENT


def check_fit(declared: Declared, registry: Registry, others: Collection[str] = ()) -> None:
    """See that the models, and all fields and columns that are named, exist.

    ``others`` are models of which there is a log, and no version any more; nothing is known of
    their fields, nor of those of a model whose versions are all damaged.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    known = registry.names()
    for model, monitor in declared.monitors.items():
        if model in known:
            if bundles := [version.bundle for version in registry.versions(model)]:
                _check(monitor, bundles, declared)
        elif model not in others:
            raise _missing(model, "model", {*known, *others}, monitor.where)


def _check(monitor: Monitor, bundles: Sequence[Bundle], declared: Declared) -> None:
    fields = {field.name for bundle in bundles for field in bundle.fields}
    columns = fields | {key.name for bundle in bundles for key in bundle.key}
    yaml, model = declared.yaml, monitor.model
    if monitor.time is not None and monitor.time not in columns:
        raise _missing(
            monitor.time, "column of the key or field", columns, yaml.where(model, "time")
        )
    for index, segment in enumerate(monitor.segments):
        if segment.column not in columns:
            where = yaml.where(*yaml.item(index, model, "segments"))
            raise _missing(segment.column, "column of the key or field", columns, where)
    for index, rule in enumerate(monitor.rules):
        of, where = rule.of, yaml.where(model, "rules", index, "of")
        if of in ("", EACH) or of.startswith(SEGMENT):
            continue
        if rule.metric.startswith("ab_"):
            if of not in METRICS:
                raise _missing(of, "metric", METRICS, where)
        elif of not in {*fields, SCORE}:
            raise _missing(of, "field", {*fields, SCORE}, where)


def _missing(name: str, what: str, known: Collection[str], where: Location) -> ProjectError:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    named = ", ".join(sorted(known))
    hint = f"did you mean `{close[0]}`?" if close else f"there are {named}" if known else None
    return ProjectError(f"there is no {what} `{name}`", where, hint)
