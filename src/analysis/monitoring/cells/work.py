"""Counting months of a model in one connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from analysis.models.registry.reading import Kept
from analysis.monitoring.cells.changes import Changes
from analysis.monitoring.cells.chunks import Chunk, chunks
from analysis.monitoring.cells.counting import Rows, count_rows
from analysis.monitoring.cells.months import write_months
from analysis.monitoring.cells.record import VersionBins
from analysis.monitoring.cells.reference import bring_cells
from analysis.monitoring.cells.state import Day, Known
from analysis.monitoring.cells.sums import counted_days, prepare
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.labels.joined import Joining, joined
from analysis.monitoring.labels.sources import Sources
from analysis.project import Project

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Work:
    """What is needed to count: the model's versions, how labels are joined, and their cells."""

    con: duckdb.DuckDBPyConnection
    project: Project
    monitor: Monitor
    kept: Kept
    how: Joining
    bins: dict[str, VersionBins] = field(default_factory=dict)

    def bring(self, names: Iterable[str], changes: Changes) -> dict[str, tuple[str, ...]]:
        """Bring the cells of versions; give what there is to say of those that were made."""
        wanted, notes = {*names}, {}
        for version in self.kept.versions:
            if version.id in wanted:
                made = bring_cells(
                    self.project, self.con, version, self.monitor, again=changes.all_days
                )
                self.bins[version.id] = made
                if made.notes:
                    notes[version.id] = made.notes
        return notes

    def count_month(
        self, days: Sequence[date], log: Mapping[str, Known], labels: Mapping[str, Known],
        sources: Sources,
    ) -> dict[date, Day]:  # fmt: skip
        """Count days of one month, and write them; give what is noted of them."""
        prepare(self.con)
        for chunk in chunks(days, log, labels, sources):
            self._count(chunk)
        write_months(self.con, self.project, self.monitor.model, days)
        return {day: Day(*told) for day, told in counted_days(self.con).items()}

    def _count(self, chunk: Chunk) -> None:
        if not chunk.versions:
            return
        made = joined(self.con, chunk.sources, self.how)
        for query in chunk.queries(made.query):
            for name in chunk.versions:
                rows = Rows(query, name or None, chunk.days[0], chunk.arms, marked=True)
                count_rows(self.con, rows, self.bins.get(name), self.monitor)
