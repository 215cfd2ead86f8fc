"""Logs and labels as files, as servers and `analysis monitor labels` write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.warehouse.monitored import LABELS
from analysis.warehouse.sql import literal


def line(request: str, row: int | None, time: datetime, **told: Any) -> dict[str, Any]:
    """Give a line of the log."""
    given: dict[str, Any] = {
        "time": f"{time.isoformat(timespec='microseconds')}+00:00",
        "request": request,
        "model": "late-flights",
        "version": "v1",
        "arm": "champion",
        "shadow": False,
        "latency_ms": 1.5,
        "row": row,
        "key": None,
        "inputs": {"wind": 0.5},
        "outputs": {"prediction": True, "probability": 0.25},
    }
    return {**given, **told}


def write_segment(path: Path, lines: Sequence[Mapping[str, Any]]) -> Path:
    """Write a segment of the log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    return path


def label(label: str, received: datetime, **told: Any) -> dict[str, Any]:
    """Give a label as it is kept; it was known when it was received."""
    known = {**dict.fromkeys(LABELS), "model": "late-flights", "known": received}
    return {**known, "label": label, "received": received, "source": "a test", **told}


def write_labels(path: Path, labels: Sequence[Mapping[str, Any]]) -> Path:
    """Write a file of labels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in LABELS.items())
        con.execute(f"create table labels ({columns})")
        places = ", ".join("?" * len(LABELS))
        rows = [[one[name] for name in LABELS] for one in labels]
        con.executemany(f"insert into labels values ({places})", rows)
        con.execute(f"copy labels to {literal(str(path))} (format parquet)")
    return path
