"""The line of a model in ``meta.monitors``: what was counted of it, and how it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from analysis.files import write_text
from analysis.lineage.system import MONITOR as PATTERN
from analysis.monitoring.alerts.store import read_alerts
from analysis.monitoring.measuring.status import Status, status
from analysis.monitoring.stored.measured import read_measured
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project

FILE = Path(PATTERN).name


@dataclass(frozen=True)
class Line:
    """What ``monitor.json`` says.

    ``begin`` and ``finish`` are the days of the first and the last prediction. ``mark`` is what
    was counted and declared when the numbers were made: the same gives the same numbers.
    """

    model: str
    title: str | None
    task: str | None
    period: str
    time: str | None
    begin: date | None
    finish: date | None
    rows: int
    labelled: int
    duplicates: int
    late_labels: int
    duplicate_labels: int
    contradicting_labels: int
    unmatched_labels: int
    status: str
    reason: str
    notes: tuple[str, ...] = ()
    mark: str = ""


_line = TypeAdapter(Line)


def read_line(project: Project, model: str) -> Line | None:
    """Read the line of a model; ``None`` if there is none, or it is damaged: it is made again."""
    try:
        return _line.validate_json((monitoring_folder(project, model) / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def write_line(project: Project, line: Line) -> bool:
    """Keep the line of a model in one rename, unless it is kept already; say whether."""
    path = monitoring_folder(project, line.model) / FILE
    told: Mapping[str, object] = asdict(line)
    text = json.dumps(told, ensure_ascii=False, default=str) + "\n"
    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_text(path, text)
    return True


def with_status(line: Line, found: Status) -> Line:
    """Give the line with another status."""
    return replace(line, status=found.state, reason=found.reason)


def renew_status(project: Project, model: str) -> None:
    """Say anew how a model with open alerts does, as somebody said something of one."""
    line = read_line(project, model)
    if line is not None:
        alerts = read_alerts(project, model) or ()
        found = status(read_measured(project, model), alerts)
        write_line(project, with_status(line, found))
