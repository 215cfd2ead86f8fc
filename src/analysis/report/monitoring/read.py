"""Asking the schema ``meta`` for models in production.

What a page reads is noted by hand: of the live relations, which tell of all models, a page of a
model depends on its own alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from analysis.errors import ProjectError
from analysis.lineage import UNOBSERVED, note
from analysis.lineage.system import MONITORING_FOLDER
from analysis.monitoring.stored.record import Measurement
from analysis.project import find_project
from analysis.report.data.read import rows
from analysis.report.monitoring.told import Counted, ToldAlert, ToldMonitor

_MONITOR = f"{UNOBSERVED} * from meta.monitors where model = $model"
_NUMBERS = f"""
{UNOBSERVED} * from meta.measured where model = $model
order by begin, metric, "of", part, version nulls first, arm nulls first
"""
_ALERTS = f"{UNOBSERVED} * from meta.alerts where model = $model order by opened desc, alert"
_VERSIONS = f"{UNOBSERVED} version, number from meta.models where model = $model"
# What a page of a model is made of; the counts by day are not among it.
_FILES = ("monitor.json", "measured.parquet", "alerts.json")


def monitored(model: str) -> ToldMonitor:
    """Read what is told of a model in production.

    Raises
    ------
    ProjectError
        It is not monitored.
    """
    root = find_project(Path.cwd()).root
    paths = [f"{MONITORING_FOLDER}/{model}/{file}" for file in _FILES]
    for path in paths:
        note("input", path)
    return _read(model, tuple(_state(root / path) for path in paths))


def all_monitored() -> tuple[ToldMonitor, ...]:
    """Read what is told of all models in production."""
    names = rows("select model from meta.monitors order by model")
    return tuple(monitored(row.model) for row in names)


def _state(path: Path) -> tuple[object, ...]:
    """Say by what one sees that a file changed."""
    try:
        found = path.stat()
    except OSError:
        return (str(path),)
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=16)
def _read(model: str, state: tuple[object, ...]) -> ToldMonitor:
    """Read a model; its page asks for the same one again and again."""
    found = rows(_MONITOR, model=model)
    if not found:
        raise ProjectError(
            f"the model `{model}` is not monitored yet",
            hint=f"run `analysis monitor update {model}`",
        )
    numbers = tuple(_number(row) for row in rows(_NUMBERS, model=model))
    alerts = tuple(_alert(row) for row in rows(_ALERTS, model=model))
    versions = {row.version: row.number for row in rows(_VERSIONS, model=model)}
    return _told(found[0], numbers, alerts, versions)


def _number(row: SimpleNamespace) -> Measurement:
    told = vars(row) | {name: getattr(row, name) or "" for name in ("metric", "of", "part")}
    return Measurement(**told | {name: told[name] or 0 for name in ("rows", "labelled")})


def _alert(row: SimpleNamespace) -> ToldAlert:
    told = {name: getattr(row, name, None) for name in ToldAlert.__dataclass_fields__}
    texts = ("alert", "rule", "metric", "of", "part", "severity", "state", "period")
    return ToldAlert(**told | {name: told[name] or "" for name in texts})


def _told(
    row: SimpleNamespace,
    numbers: tuple[Measurement, ...],
    alerts: tuple[ToldAlert, ...],
    versions: Mapping[str, int],
) -> ToldMonitor:
    counts = Counted.__dataclass_fields__
    same = ("model", "title", "task", "time", "begin", "finish", "status", "reason")
    return ToldMonitor(
        **{name: getattr(row, name) for name in same},
        period=row.period or "month",
        rows=row.rows or 0,
        labelled=row.labelled or 0,
        counted=Counted(**{name: getattr(row, name) or 0 for name in counts}),
        notes=tuple(row.notes or ()),
        numbers=numbers,
        alerts=alerts,
        versions=versions,
    )
