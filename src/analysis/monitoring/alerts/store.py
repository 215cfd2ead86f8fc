"""Alerts on disk: a line of JSON each, as ``meta.alerts`` reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from analysis.errors import Location, ProjectError
from analysis.files import write_text
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project

FILE = "alerts.json"
_alert = TypeAdapter(Alert)


def alerts_file(project: Project, model: str) -> Path:
    """Give the file of the alerts of a model."""
    return monitoring_folder(project, model) / FILE


def read_alerts(project: Project, model: str) -> tuple[Alert, ...] | None:
    """Read the alerts of a model; ``None`` if nobody has looked for any yet.

    Raises
    ------
    ProjectError
        A line is damaged. None is passed over: it would be lost, and told of again.
    """
    path = alerts_file(project, model)
    if not path.exists():
        return None
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            if line.strip():
                found.append(_alert.validate_json(line))
        except ValidationError:
            where = Location(path.relative_to(project.root).as_posix(), number)
            raise ProjectError(
                "this alert is damaged", where, "mend the line, or take it from an earlier commit"
            ) from None
    return tuple(found)


def write_alerts(project: Project, model: str, alerts: Sequence[Alert]) -> bool:
    """Keep all alerts of a model in one rename, unless they are kept already; say whether."""
    lines = [json.dumps(asdict(alert), ensure_ascii=False) for alert in alerts]
    text, path = "".join(f"{line}\n" for line in lines), alerts_file(project, model)
    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_text(path, text)
    return True
