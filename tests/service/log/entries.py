"""Entries of the log that are made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.service.logged import LogEntry


def entry(request: str, rows: int = 1, **changed: Any) -> LogEntry:
    """Give what is logged of a request with so many rows."""
    return replace(
        LogEntry(
            time="2026-05-01T10:00:00.000001+00:00",
            request=request,
            model="late-flights",
            version="v1",
            arm="champion",
            shadow=False,
            rows=range(rows),
            keys={"id": list(range(rows))},
            inputs={"wind": [0.5] * rows, "carrier": ["UA"] * rows},
            outputs={"prediction": [True] * rows, "probability": [0.25] * rows},
            latency_ms=1.5,
        ),
        **changed,
    )
