"""Putting closed segments of the log into Parquet: a tenth of the size, and read much faster."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.warehouse.predictionlog import COMPACTED, SEGMENT, compact


@dataclass(frozen=True)
class Compacted:
    """What was done: segments that are in Parquet now, and those removed that had been before."""

    written: tuple[Path, ...]
    removed: int


def compact_log(folder: Path) -> Compacted:
    """Put the closed segments in ``folder`` into Parquet.

    A segment is removed by the next call after the one that has put it into Parquet: somebody may
    be reading it now. It does not count any more as soon as its Parquet is there.

    Raises
    ------
    ModelError
        A segment cannot be read.
    OSError
        There is no room.
    """
    segments = sorted(folder.glob(f"*{SEGMENT}"))
    old = [one for one in segments if one.with_suffix(COMPACTED).exists()]
    for segment in old:
        segment.unlink(missing_ok=True)
    written = [segment for segment in segments if segment not in old and _compacted(segment)]
    return Compacted(tuple(written), len(old))


def _compacted(segment: Path) -> bool:
    """Put a segment into Parquet, if nobody writes it any more."""
    with _closed(segment) as closed:
        # One that is empty may have been made a moment ago.
        if not closed or not segment.stat().st_size:
            return False
        compact(segment)
        return True


@contextmanager
def _closed(segment: Path) -> Iterator[bool]:
    """Say whether a segment is closed: nobody holds its lock, as long as a process writes it."""
    try:
        file = segment.open("rb")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
