"""When each page last ran well, and how long it took; it lies outside the freeze."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from analysis.files import write_text
from analysis.project import Project


@dataclass(frozen=True)
class LastRun:
    """The last good run of a page: its length in seconds, and its end in seconds since 1970."""

    seconds: float
    ended: float


History = Mapping[str, LastRun]


def read_history(project: Project) -> History:
    """Read the last run of each page; a missing or damaged file knows none."""
    try:
        rows = json.loads(_file(project).read_bytes())
        return {
            str(page): LastRun(float(row["seconds"]), float(row["ended"]))
            for page, row in rows.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_history(project: Project, history: History) -> None:
    """Keep the last run of each page."""
    rows = {page: asdict(run) for page, run in sorted(history.items())}
    write_text(_file(project), json.dumps(rows, indent=2) + "\n")


def _file(project: Project) -> Path:
    return project.work_dir / "runs.json"
