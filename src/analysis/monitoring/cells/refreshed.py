"""What came of bringing counts up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from analysis.monitoring.cells.changes import Days
from analysis.monitoring.cells.state import State
from analysis.monitoring.labels.oddities import sentences
from analysis.monitoring.labels.sources import Sources


@dataclass(frozen=True)
class Refreshed:
    """Days that were counted (again), what there is in all, and what there is to say of it.

    ``repeated`` rows are in the log more than once, and count once. The numbers of labels are of
    predictions that have one; ``unmatched`` are labels of no prediction that was ever seen.
    """

    days: tuple[date, ...]
    begin: date | None
    finish: date | None
    rows: int
    labelled: int
    late: int
    duplicate: int
    contradicting: int
    repeated: int
    unmatched: int
    notes: tuple[str, ...]


def told(state: State, sources: Sources, days: Days) -> Refreshed:
    """Say what came of it."""
    counted = state.days
    logged = {d: sum(known.days.get(d, 0) for known in state.log.values()) for d in counted}
    return Refreshed(
        days=days.counted,
        begin=min(counted, default=None),
        finish=max(counted, default=None),
        rows=sum(day.rows for day in counted.values()),
        labelled=sum(day.labelled for day in counted.values()),
        late=sum(day.late for day in counted.values()),
        duplicate=sum(day.duplicate for day in counted.values()),
        contradicting=sum(day.contradicting for day in counted.values()),
        repeated=sum(max(logged[d] - day.logged, 0) for d, day in counted.items()),
        unmatched=sum(max(one.rows - one.matched, 0) for one in state.labels.values()),
        notes=tuple(_notes(state, sources, days)),
    )


def _notes(state: State, sources: Sources, days: Days) -> Iterator[str]:
    for path in sources.damaged:
        yield f"`{path.parent.name}/{path.name}` is damaged, and left out"
    yield from sentences(known.odd for known in state.log.values())
    for version, why in state.versions.items():
        if why:
            name = f"version {version}" if version else "no version"
            yield f"rows of {name} are counted without what the model takes and says: {why}"
    for version, notes in state.notes.items():
        yield from (f"version {version}: {note}" for note in notes)
    if days.frozen:
        first, last = days.frozen[0], days.frozen[-1]
        yield (
            f"{len(days.frozen)} days from {first} to {last} are not counted again, "
            "as files of the log or of labels that they were counted from are gone"
        )
