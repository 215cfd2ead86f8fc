"""Which days are to be counted again, and which cannot be: decided from files alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.monitoring.cells.state import Known, State, content_of
from analysis.monitoring.labels.sources import Sources
from analysis.monitoring.stored.retained import Retained


@dataclass(frozen=True)
class Changes:
    """Files that are new or changed, with the content that they have now, and those that are gone.

    ``all_days``: settings or versions have changed, so that whatever can be is counted again.
    """

    log: Mapping[Path, str]
    labels: Mapping[Path, str]
    gone_log: tuple[str, ...]
    gone_labels: tuple[str, ...]
    all_days: bool
    forced: tuple[date, ...]

    @property
    def is_nothing(self) -> bool:
        """Say whether all is as it was."""
        return not (self.log or self.labels or self.all_days or self.forced)


def find_changes(
    state: State, sources: Sources, retained: Retained, settings: str, versions: Mapping[str, str]
) -> Changes:
    """Compare what was counted with what there is; ``versions`` are known now, as in the state."""
    log, gone_log = _differing(state.log, sources.log)
    labels, gone_labels = _differing(state.labels, sources.labels)
    # A version that was readable and is not any more keeps the counts that it has.
    came = [name for name, why in versions.items() if state.versions.get(name) and not why]
    all_days = state.settings != settings or bool(came)
    return Changes(log, labels, gone_log, gone_labels, all_days, retained.recount)


def _differing(
    known: Mapping[str, Known], paths: Iterable[Path]
) -> tuple[dict[Path, str], tuple[str, ...]]:
    contents = {path: content_of(path) for path in paths}
    changed = {
        path: content
        for path, content in contents.items()
        if path.stem not in known or known[path.stem].content != content
    }
    there = {path.stem for path in contents}
    return changed, tuple(sorted(name for name in known if name not in there))


@dataclass(frozen=True)
class Days:
    """Days that are counted again, and those that should be, but of which rows are gone."""

    counted: tuple[date, ...]
    frozen: tuple[date, ...]


def choose_days(
    changes: Changes, before: State, log: Mapping[str, Known], labels: Mapping[str, Known],
    retained: Retained,
) -> Days:  # fmt: skip
    """Choose the days; ``log`` and ``labels`` are the files as they are now, by name.

    What is gone from the log without having been counted again would be missing in its days: these
    keep their counts, unless somebody was removed from them.
    """
    wanted = {*changes.forced}
    for paths, then, now in (
        (changes.log, before.log, log),
        (changes.labels, before.labels, labels),
    ):
        for path in paths:
            wanted |= _days(then, [path.stem]) | _days(now, [path.stem])
    if changes.all_days:
        wanted |= _days(log, log) | _days(before.log, before.log)
    # A file of labels touches days of which there may be no row any more.
    kept = {day for day in wanted if retained.is_kept(day)}
    lost = _days(before.log, changes.gone_log) | _days(before.labels, changes.gone_labels)
    frozen = (kept & lost) - {*changes.forced}
    return Days(tuple(sorted(kept - frozen)), tuple(sorted(frozen)))


def _days(files: Mapping[str, Known], names: Collection[str]) -> set[date]:
    return {day for name in names if name in files for day in files[name].days}
