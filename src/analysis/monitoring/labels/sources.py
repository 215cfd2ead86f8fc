"""The files of the log of a model, and of what came true of its predictions."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.monitoring.stored.places import labels_folder, log_folder
from analysis.project import Project
from analysis.warehouse.predictionlog import COMPACTED, SEGMENT

# A file of Parquet has this at both ends, and before the last one the size of its footer.
_PARQUET = b"PAR1"
_LEAST = 12


@dataclass(frozen=True)
class Sources:
    """Files that are read: ``segments`` are JSON lines, the others Parquet.

    A segment whose Parquet is there, and whole, is none of them. ``damaged`` are files that are no
    Parquet, by their beginning or their end, or cannot be read; they are left out.
    """

    segments: tuple[Path, ...] = ()
    compacted: tuple[Path, ...] = ()
    labels: tuple[Path, ...] = ()
    damaged: tuple[Path, ...] = ()

    @property
    def log(self) -> tuple[Path, ...]:
        """Give the files of the log."""
        return (*self.compacted, *self.segments)

    def without(self, damaged: Collection[Path]) -> Sources:
        """Leave out files that are damaged, as was found when they were read."""
        segments, compacted, labels = (
            tuple(path for path in paths if path not in damaged)
            for paths in (self.segments, self.compacted, self.labels)
        )
        every = dict.fromkeys([*self.damaged, *damaged])
        return Sources(segments, compacted, labels, tuple(every))


def sources_of(project: Project, model: str) -> Sources:
    """Find what there is of a model now."""
    log = log_folder(project, model)
    compacted = sorted(log.glob(f"*{COMPACTED}"))
    whole = tuple(_whole(compacted))
    names = {path.stem for path in whole}
    labels = sorted(labels_folder(project, model).glob("*.parquet"))
    return Sources(
        segments=tuple(path for path in sorted(log.glob(f"*{SEGMENT}")) if path.stem not in names),
        compacted=whole,
        labels=tuple(_whole(labels)),
        damaged=tuple(path for path in (*compacted, *labels) if not is_whole(path)),
    )


def _whole(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in paths if is_whole(path))


def is_whole(path: Path) -> bool:
    """Say whether a file begins and ends as Parquet; one that is gone is not whole either."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size < _LEAST or file.read(4) != _PARQUET:
                return False
            file.seek(-8, os.SEEK_END)
            footer, end = int.from_bytes(file.read(4), "little"), file.read(4)
    except OSError:
        return False
    return end == _PARQUET and 0 < footer <= size - _LEAST
