"""From which day on the rows of a model are kept, and which days are to be counted again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import Location, ProjectError
from analysis.files import write_text
from analysis.monitoring.stored.places import monitoring_folder
from analysis.project import Project

_FILE = "retained.json"


@dataclass(frozen=True)
class Retained:
    """What there is to know of rows that were removed.

    Rows of days before ``kept_from`` are removed: their counts stay, and these days are never
    counted again. Of the days in ``recount`` somebody was removed, and they were not counted since.
    """

    kept_from: date | None = None
    recount: tuple[date, ...] = ()

    def is_kept(self, day: date) -> bool:
        """Say whether the rows of a day are there, so that it can be counted."""
        return self.kept_from is None or day >= self.kept_from


def read_retained(project: Project, model: str) -> Retained:
    """Read it; where nothing was removed, all is kept.

    Raises
    ------
    ProjectError
        The file is damaged: days might be counted again that have lost their rows.
    """
    path = _path(project, model)
    if not path.exists():
        return Retained()
    try:
        told = json.loads(path.read_text("utf-8"))
        kept_from, recount = told["kept_from"], told["recount"]
        return Retained(
            date.fromisoformat(kept_from) if kept_from else None,
            tuple(date.fromisoformat(day) for day in recount),
        )
    except (ValueError, KeyError, TypeError):
        raise ProjectError(
            "this file is damaged", Location(str(path.relative_to(project.root))),
            "bring it back; without it, days that have lost their rows would count as empty",
        ) from None  # fmt: skip


def keep_from(project: Project, model: str, day: date) -> None:
    """Note that rows of days before ``day`` are removed; it never goes back."""
    before = read_retained(project, model)
    if before.is_kept(day):
        recount = tuple(one for one in before.recount if one >= day)
        _write(project, model, Retained(day, recount))


def recount(project: Project, model: str, days: Iterable[date]) -> None:
    """Note that days are to be counted again."""
    before = read_retained(project, model)
    wanted = {*before.recount, *filter(before.is_kept, days)}
    _write(project, model, Retained(before.kept_from, tuple(sorted(wanted))))


def recounted(project: Project, model: str, days: Iterable[date]) -> None:
    """Note that days were counted again."""
    before, done = read_retained(project, model), {*days}
    if done & {*before.recount}:
        left = tuple(day for day in before.recount if day not in done)
        _write(project, model, Retained(before.kept_from, left))


def _path(project: Project, model: str) -> Path:
    return monitoring_folder(project, model) / _FILE


def _write(project: Project, model: str, told: Retained) -> None:
    content = {
        "kept_from": told.kept_from.isoformat() if told.kept_from else None,
        "recount": [day.isoformat() for day in told.recount],
    }
    write_text(_path(project, model), json.dumps(content, indent=1) + "\n")
