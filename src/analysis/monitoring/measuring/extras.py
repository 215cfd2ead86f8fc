"""What is told beside a value: its interval, what it is compared with, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from analysis.monitoring.measuring.asked import Slice


class Key(NamedTuple):
    """Which value: a metric of a slice, of a field or a segment, and a part of it."""

    slice: Slice
    metric: str
    of: str = ""
    part: str = ""


@dataclass(frozen=True)
class Extra:
    """What is known of a value; ``None`` is what is not."""

    low: float | None = None
    high: float | None = None
    reference: float | None = None
    floor: float | None = None
    note: str | None = None

    def joined(self, other: Extra) -> Extra:
        """Add what ``other`` knows; notes stand side by side."""
        notes = [note for note in (self.note, other.note) if note]
        return Extra(
            self.low if other.low is None else other.low,
            self.high if other.high is None else other.high,
            self.reference if other.reference is None else other.reference,
            self.floor if other.floor is None else other.floor,
            "; ".join(dict.fromkeys(notes)) or None,
        )


Extras = Iterable[tuple[Key, Extra]]
NOTHING = Extra()


def gathered(*parts: Extras) -> Mapping[Key, Extra]:
    """Put together what is known of each value."""
    found: dict[Key, Extra] = {}
    for part in parts:
        for key, extra in part:
            found[key] = found.get(key, NOTHING).joined(extra)
    return found
