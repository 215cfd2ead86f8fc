"""The log that a server writes: segment after segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from analysis.service.log.lines import lines_of
from analysis.service.log.personal import Personal
from analysis.service.log.segment import Segment
from analysis.service.logged import LogEntry

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Rotation:
    """When a new segment begins: after so many bytes, and on every day (UTC).

    ``fsync``: each batch is on the disk before it is answered, so that it outlives a loss of power.
    """

    size: int = 16 * MEGABYTE
    fsync: bool = False


class SegmentLog:
    """A `PredictionLog` in segments below ``folder``, that of the model.

    ``closed`` is called when a segment is closed and another one begins.
    """

    def __init__(
        self,
        folder: Path,
        personal: Personal,
        rotation: Rotation | None = None,
        closed: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._folder = folder
        self._personal = personal
        self._rotation = rotation or Rotation()
        self._closed = closed
        self._now = now
        self._segment: Segment | None = None

    def write(self, entries: Sequence[LogEntry]) -> None:
        """Write the entries of one batch in one call of the system.

        Raises
        ------
        OSError
            They cannot be written; then none of them is in the log.
        """
        lines = b"".join([self._lines(entry) for entry in entries])
        if not lines:
            return
        self._current(len(lines)).append(lines)

    def close(self) -> None:
        """Close the segment."""
        if self._segment:
            self._segment.close()
            self._segment = None

    def _lines(self, entry: LogEntry) -> bytes:
        if entry.personal:
            masked = self._personal.masked
            entry = replace(
                entry,
                keys=masked(entry.keys, entry.personal),
                inputs=masked(entry.inputs, entry.personal),
            )
        return lines_of(entry)

    def _current(self, size: int) -> Segment:
        now, segment = self._now(), self._segment
        if segment and not self._goes_on(segment, size, now):
            self.close()
            self._closed()
        if self._segment is None:
            self._segment = Segment(self._folder, now, fsync=self._rotation.fsync)
        return self._segment

    def _goes_on(self, segment: Segment, size: int, now: datetime) -> bool:
        fits = not segment.size or segment.size + size <= self._rotation.size
        return segment.is_open and segment.day == now.date() and fits
