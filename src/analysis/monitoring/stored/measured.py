"""The numbers of a model on disk: ``measured.parquet``, with the columns that are agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from pathlib import Path

from analysis.errors import ProjectError
from analysis.files import temporary
from analysis.lineage.system import MEASURED as PATTERN
from analysis.lineage.system import MONITORING_FOLDER
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.record import Measurement
from analysis.project import Project
from analysis.warehouse.monitored import MEASURED
from analysis.warehouse.opened import in_memory, telling
from analysis.warehouse.sql import identifier, literal

FILE = Path(PATTERN).name
_ORDER = ("begin", "metric", "of", "part", "version", "arm")


def measured_file(project: Project, model: str) -> Path:
    """Give the file of the numbers of a model."""
    return monitoring_folder(project, model) / FILE


def read_measured(project: Project, model: str) -> tuple[Measurement, ...]:
    """Read the numbers of a model; there are none if it was never measured.

    Raises
    ------
    ProjectError
        The file is damaged.
    """
    path = measured_file(project, model)
    if not path.exists():
        return ()
    names = ", ".join(map(identifier, MEASURED))
    with telling(f"{_shown(model)} cannot be read"), in_memory(project.work_dir) as con:
        found = con.execute(f"select {names} from read_parquet({literal(str(path))})").fetchall()
    return tuple(Measurement(*row) for row in found)


def write_measured(project: Project, model: str, numbers: Iterable[Measurement]) -> bool:
    """Keep the numbers of a model in one rename, sorted by period and metric.

    A file that has them already stays as it is; says whether it was written.
    """
    ordered = sorted(numbers, key=lambda one: [_sortable(getattr(one, name)) for name in _ORDER])
    if _has(project, model, ordered):
        return False
    told = ", ".join(f"{identifier(name)} {kind}" for name, kind in MEASURED.items())
    values = ", ".join(f"unnest(?::{kind}[])" for kind in MEASURED.values())
    path = measured_file(project, model)
    with (
        temporary(path) as file,
        telling(f"{_shown(model)} cannot be written"),
        in_memory(project.work_dir) as con,
    ):
        con.execute(f"create table measured ({told})")
        con.execute(f"insert into measured select {values}", _columns(ordered))
        con.execute(f"copy measured to {literal(str(file))} (format parquet, compression zstd)")
    return True


def _has(project: Project, model: str, ordered: Sequence[Measurement]) -> bool:
    try:
        there = measured_file(project, model).exists()
        return there and list(read_measured(project, model)) == list(ordered)
    except ProjectError:
        return False


def _columns(numbers: Sequence[Measurement]) -> list[list[object]]:
    return [[attrgetter(name)(one) for one in numbers] for name in MEASURED]


def _sortable(value: object) -> tuple[bool, str]:
    return value is not None, str(value)


def _shown(model: str) -> str:
    return f"{MONITORING_FOLDER}/{PATTERN.replace('*', model)}"
