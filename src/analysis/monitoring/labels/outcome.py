"""What labels that were handed in come to: which predictions they are of, and what is odd."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.monitoring.labels.counting import counted
from analysis.monitoring.labels.handed import count_again, find_handed
from analysis.monitoring.labels.joined import Joining, joined
from analysis.monitoring.labels.keeping import Kept
from analysis.monitoring.labels.readable import with_readable
from analysis.monitoring.labels.sources import Sources
from analysis.project import Project
from analysis.warehouse.opened import in_memory, telling


@dataclass(frozen=True)
class Outcome:
    """Counts of labels: ``unmatched`` are of no prediction yet.

    ``duplicate`` say again what was said before, ``contradicting`` say something else. ``late`` and
    ``predictions`` count predictions: those that have these labels, and of them those that got
    theirs late.
    """

    labels: int
    unmatched: int
    duplicate: int
    contradicting: int
    predictions: int
    late: int

    @property
    def matched(self) -> int:
        """Count labels of predictions that there are."""
        return self.labels - self.unmatched


def outcome(project: Project, model: str, how: Joining, kept: Kept) -> Outcome:
    """Count what the labels that were just kept come to.

    Raises
    ------
    ProjectError
        The log cannot be read.
    """
    return with_readable(project, model, lambda sources: _outcome(project, sources, how, kept))


def _outcome(project: Project, sources: Sources, how: Joining, kept: Kept) -> Outcome:
    if kept.path is None:
        return Outcome(0, 0, 0, 0, 0, 0)
    what = "the labels are kept, and cannot be joined to predictions"
    with in_memory(project.work_dir) as con, telling(what):
        alone = replace(sources, labels=(kept.path,))
        counts = counted(con, joined(con, alone, how))
        find_handed(con, sources.labels, how.key)
        duplicate, contradicting = count_again(con, kept.received)
    return Outcome(
        labels=kept.rows - kept.empty,
        unmatched=counts.unmatched,
        duplicate=duplicate,
        contradicting=contradicting,
        predictions=counts.labelled,
        late=counts.late,
    )
