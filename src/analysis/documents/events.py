"""What a run tells its caller while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import AnalysisError


@dataclass(frozen=True)
class RunPlanned:
    """Which pages will run in this wave, in the order of their start.

    ``seconds`` is an estimate for all of them, ``None`` if none of them ever ran.
    """

    pages: tuple[str, ...]
    seconds: float | None


@dataclass(frozen=True)
class PageStarted:
    """A page began to run."""

    source: str


@dataclass(frozen=True)
class PageDone:
    """A page ran, and its result is frozen."""

    source: str
    seconds: float


@dataclass(frozen=True)
class PageFailed:
    """A page failed; its last good result stays."""

    source: str
    seconds: float
    error: AnalysisError


Event = RunPlanned | PageStarted | PageDone | PageFailed
