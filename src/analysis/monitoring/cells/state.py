"""What was counted last: of which files, with which settings, in a small JSON beside the counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from analysis.files import digest, write_text
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.labels.oddities import Odd
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project

# Raised when counts mean something else: then all days are counted again.
FORMAT = 1
_FILE = "counted.json"
# So many bytes at both ends of a file stand for its content, beside its size: files of the log
# only grow or are written anew, and both ends of a Parquet file tell of what is between them.
_ENDS = 65_536


@dataclass(frozen=True)
class Known:
    """A file that was counted: its content, the rows that it has by day, and whose they are.

    Of a file of labels, ``days`` are those of the predictions that it may be of, with 0 each;
    ``matched`` of its ``rows`` are of a prediction. ``odd`` is what is odd in a file of the log.
    """

    content: str
    days: Mapping[date, int]
    versions: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    rows: int = 0
    matched: int = 0
    odd: Odd = field(default_factory=Odd)


@dataclass(frozen=True)
class Day:
    """What was counted of a day: predictions, and labels by what is the matter with them.

    ``logged`` are predictions and refusals.
    """

    logged: int = 0
    rows: int = 0
    labelled: int = 0
    late: int = 0
    duplicate: int = 0
    contradicting: int = 0


@dataclass(frozen=True)
class State:
    """All that was counted. ``log`` and ``labels`` are files by their names without ending.

    ``versions`` says of each that is in the log why it has no cells, or nothing; ``notes`` are on
    how their cells were made.
    """

    format: int = FORMAT
    settings: str = ""
    log: Mapping[str, Known] = field(default_factory=dict)
    labels: Mapping[str, Known] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: Mapping[date, Day] = field(default_factory=dict)


_state = TypeAdapter(State)


def read_state(project: Project, model: str) -> State:
    """Read what was counted; nothing, if the file is missing, damaged or of another format."""
    try:
        found = _state.validate_json(_path(project, model).read_bytes())
    except (OSError, ValidationError):
        return State()
    return found if found.format == FORMAT else State()


def write_state(project: Project, model: str, state: State) -> None:
    """Write it, in one rename, unless it says the same already."""
    path = _path(project, model)
    told = _state.dump_python(state, mode="json")
    text = json.dumps(told, indent=1, sort_keys=True) + "\n"
    if not (path.is_file() and path.read_text("utf-8") == text):
        write_text(path, text)


def settings_of(monitor: Monitor) -> str:
    """Fingerprint what counts depend on of how a model is monitored."""
    segments = [asdict(segment) for segment in monitor.segments]
    told = [FORMAT, monitor.time, monitor.threshold, monitor.wait_days, segments]
    return digest(json.dumps(told).encode())


def content_of(path: Path) -> str:
    """Fingerprint a file by its name, its size, and both its ends."""
    size = path.stat().st_size
    with path.open("rb") as file:
        ends = file.read(_ENDS)
        file.seek(max(size - _ENDS, 0))
        # What is written meanwhile is left to the next time.
        ends += file.read(_ENDS)
    return f"{path.name} {size} {digest(ends)}"


def _path(project: Project, model: str) -> Path:
    return monitoring_folder(project, model) / _FILE
