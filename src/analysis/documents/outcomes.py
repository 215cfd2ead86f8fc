"""How pages are to be run, and what became of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from analysis.errors import AnalysisError
from analysis.lineage import Reason


@dataclass(frozen=True)
class RunOptions:
    """How pages are run.

    Parameters
    ----------
    jobs
        How many run beside each other.
    timeout
        Seconds that a cell may take, where the document does not say.
    preload
        Fork kernels from a process that has imported what the pages import.
    force
        Run fresh pages too.
    memory
        Bytes that the kernel of a page may use.
    parameters
        Values that replace those of the cell tagged ``parameters``.
    """

    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    timeout: float | None = None
    preload: bool = True
    force: bool = False
    memory: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Ending(StrEnum):
    """How it went with a page."""

    RAN = "ran"
    FRESH = "fresh"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one page; ``reasons`` say why it ran, ``error`` why it failed."""

    source: str
    state: Ending
    seconds: float = 0.0
    reasons: tuple[Reason, ...] = ()
    error: AnalysisError | None = None


@dataclass(frozen=True)
class RunResult:
    """The outcomes of all pages, in the order in which they were given."""

    outcomes: tuple[Outcome, ...]

    @property
    def ran(self) -> tuple[Outcome, ...]:
        """Give the pages that ran and have a new result."""
        return tuple(o for o in self.outcomes if o.state is Ending.RAN)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Give the pages that failed."""
        return tuple(o for o in self.outcomes if o.state is Ending.FAILED)
