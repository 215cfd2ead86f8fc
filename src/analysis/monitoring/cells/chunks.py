"""Days in pieces that memory holds, with the files that have rows of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.monitoring.cells.state import Known
from analysis.monitoring.labels.sources import Sources
from analysis.warehouse.sql import constant

# So many rows are counted at once; what is counted of pieces adds up exactly.
ROWS = 1_000_000


@dataclass(frozen=True)
class Chunk:
    """Days of one month, and the files that have rows of them, or labels.

    ``parts`` is in how many pieces the days are counted, each with all rows of a request.
    """

    days: tuple[date, ...]
    sources: Sources
    versions: tuple[str, ...]
    arms: tuple[str, ...]
    parts: int

    def queries(self, joined: str) -> Iterator[str]:
        """Write the queries of its pieces, from that of all rows of its files."""
        days = f"day in ({', '.join(constant(day) for day in self.days)})"
        for part in range(self.parts):
            some = f" and hash(request) % {self.parts} = {part}" if self.parts > 1 else ""
            yield f"select * from ({joined}) where {days}{some}"


def chunks(
    days: Sequence[date], log: Mapping[str, Known], labels: Mapping[str, Known], sources: Sources,
    most: int = ROWS,
) -> Iterator[Chunk]:  # fmt: skip
    """Put days of one month into chunks, in order."""
    there = {path.stem for path in sources.log}
    sizes = {
        day: sum(known.days.get(day, 0) for name, known in log.items() if name in there)
        for day in days
    }
    piece: list[date] = []
    for day in sorted(days):
        if piece and sum(sizes[one] for one in piece) + sizes[day] > most:
            yield _chunk(piece, sizes, log, labels, sources, most)
            piece = []
        piece.append(day)
    if piece:
        yield _chunk(piece, sizes, log, labels, sources, most)


def _chunk(
    days: Sequence[date], sizes: Mapping[date, int], log: Mapping[str, Known],
    labels: Mapping[str, Known], sources: Sources, most: int,
) -> Chunk:  # fmt: skip
    known = [log[path.stem] for path in _with(days, sources.log, log)]
    return Chunk(
        days=tuple(days),
        sources=Sources(
            _with(days, sources.segments, log),
            _with(days, sources.compacted, log),
            _with(days, sources.labels, labels),
        ),
        versions=tuple(sorted({name for one in known for name in one.versions})),
        arms=tuple(sorted({name for one in known for name in one.arms})),
        parts=-(-max(sum(sizes[day] for day in days), 1) // most),
    )


def _with(
    days: Sequence[date], paths: Sequence[Path], known: Mapping[str, Known]
) -> tuple[Path, ...]:
    return tuple(p for p in paths if p.stem in known and any(d in known[p.stem].days for d in days))
