"""A request that is to be answered, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.service.logged import Columns
from analysis.service.serving import Arm, Serving


@dataclass(frozen=True)
class Asked:
    """Rows whose columns were checked, with what is served since the request came.

    ``time`` is UTC, ``started`` the same moment on the clock of `time.perf_counter`. ``keys`` may
    be empty. ``arms`` has the place of the arm of each row; ``None``: all are the first's.
    """

    request: str
    time: str
    started: float
    serving: Serving
    rows: int
    columns: Columns
    keys: Columns
    arms: Sequence[int] | None = None


@dataclass(frozen=True)
class Answered:
    """The outputs of all rows, by name, and the arms that gave them."""

    outputs: dict[str, list[Any]]
    arms: tuple[Arm, ...]
