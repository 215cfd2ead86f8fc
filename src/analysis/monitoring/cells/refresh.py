"""Bringing the counts of a model up to date: whole days, of which something has changed.

A day is counted again from all rows that there are of it, so that whoever is killed in between
leaves nothing that counts twice: what was counted is noted at the end.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from analysis.files import remove_leftovers
from analysis.models.bundle.record import Version
from analysis.models.registry.reading import Kept
from analysis.monitoring.cells.changes import Changes, Days, choose_days, find_changes
from analysis.monitoring.cells.indexing import index_labels, index_log, of_log
from analysis.monitoring.cells.reference import is_there
from analysis.monitoring.cells.refreshed import Refreshed, told
from analysis.monitoring.cells.state import Known, State, read_state, settings_of, write_state
from analysis.monitoring.cells.work import Work
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.labels.joined import joining
from analysis.monitoring.labels.readable import with_readable
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.retained import Retained, read_retained, recounted
from analysis.project import Project
from analysis.warehouse.opened import in_memory, telling

GONE = "no version of the model has this name"


@dataclass(frozen=True)
class _Found:
    """What there is now, beside what was counted before."""

    sources: Sources
    retained: Retained
    before: State
    changes: Changes
    settings: str
    lacking: tuple[Version, ...]


def refresh(project: Project, monitor: Monitor, kept: Kept) -> Refreshed:
    """Count what is new or changed of a model, whose versions are ``kept``.

    Raises
    ------
    ProjectError
        A file cannot be read or written.
    """
    return with_readable(
        project, monitor.model, lambda sources: _refresh(project, monitor, kept, sources)
    )


def _refresh(project: Project, monitor: Monitor, kept: Kept, sources: Sources) -> Refreshed:
    found = _look(project, monitor, kept, sources)
    is_idle = not (found.before.settings or found.sources.log or found.sources.labels)
    if (found.changes.is_nothing or is_idle) and not found.lacking:
        return told(found.before, found.sources, Days((), ()))
    _clean(project, monitor.model)
    what = f"predictions of {monitor.model} cannot be counted"
    with in_memory(project.work_dir) as con, telling(what):
        work = Work(con, project, monitor, kept, joining(kept.versions, monitor))
        after, days = _count(work, found)
    write_state(project, monitor.model, after)
    recounted(project, monitor.model, found.changes.forced)
    return told(after, found.sources, days)


def _look(project: Project, monitor: Monitor, kept: Kept, sources: Sources) -> _Found:
    before = read_state(project, monitor.model)
    retained = read_retained(project, monitor.model)
    settings = settings_of(monitor)
    known = {version: _why_not(kept, version) for version in before.versions}
    changes = find_changes(before, sources, retained, settings, known)
    return _Found(sources, retained, before, changes, settings, _lacking(project, kept, before))


def _lacking(project: Project, kept: Kept, before: State) -> tuple[Version, ...]:
    """Name versions whose cells are not there: those of the log, and those that are served."""
    return tuple(
        version
        for version in kept.versions
        if (version.id in before.versions or version.stage in ("champion", "challenger"))
        and not is_there(project, version)
    )


def _why_not(kept: Kept, version: str) -> str:
    if any(one.id == version for one in kept.versions):
        return ""
    return kept.damage.get(version, GONE)


def _count(work: Work, found: _Found) -> tuple[State, Days]:
    before, changes = found.before, found.changes
    log = {**before.log, **index_log(work.con, changes.log, work.how)}
    if changes.all_days and before.settings:
        # The day of a row may be another one with other settings.
        every = {path: log[path.stem].content for path in found.sources.log}
        log |= index_log(work.con, every, work.how)
    labels = _labels(work, found)
    days = choose_days(changes, before, log, labels, found.retained)
    versions = sorted({name for known in log.values() for name in known.versions})
    notes = {**before.notes, **work.bring([*versions, *(v.id for v in found.lacking)], changes)}
    counted = {day: told for day, told in before.days.items() if day not in days.counted}
    for _, month in groupby(days.counted, key=lambda day: day.replace(day=1)):
        counted |= work.count_month(tuple(month), log, labels, found.sources)
    state = State(
        settings=found.settings,
        log=_useful(log, changes.gone_log, found),
        labels=_useful(labels, changes.gone_labels, found),
        versions={name: _why_not(work.kept, name) for name in versions},
        notes=notes,
        days=counted,
    )
    return state, days


def _labels(work: Work, found: _Found) -> dict[str, Known]:
    """Say of which days labels are: new ones with all of the log, others with what is new in it."""
    changed, before = dict(found.changes.labels), found.before.labels
    left = (path for path in found.sources.labels if path not in changed)
    others = {path: before[path.stem].content for path in left}
    if found.changes.all_days:
        changed, others = {**changed, **others}, {}
    known = {**before, **index_labels(work.con, found.sources, changed, work.how)}
    logged = of_log(found.changes.log)
    for name, came in index_labels(work.con, logged, others, work.how).items():
        then = before[name]
        matched = min(then.matched + came.matched, then.rows)
        days = dict(sorted({**then.days, **came.days}.items()))
        known[name] = replace(then, days=days, matched=matched)
    return known


def _useful(known: Mapping[str, Known], gone: Collection[str], found: _Found) -> dict[str, Known]:
    """Leave out of files that are gone the days that need them no more: old or counted without."""
    done = {*found.changes.forced}
    left = dict(known)
    for name in gone:
        days = known[name].days
        kept = {d: n for d, n in days.items() if found.retained.is_kept(d) and d not in done}
        left[name] = replace(known[name], days=kept)
        if not kept:
            del left[name]
    return left


def _clean(project: Project, model: str) -> None:
    """Remove what whoever was killed has left."""
    home = monitoring_folder(project, model)
    for folder in home.glob("*/.writing-*"):
        shutil.rmtree(folder, ignore_errors=True)
    if home.is_dir():
        remove_leftovers(home)
