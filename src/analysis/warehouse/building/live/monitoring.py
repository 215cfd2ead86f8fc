"""Views on what models do in production: labels, counts by day, what they say, and alerts."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.lineage.system import (
    ALERTS,
    BINS,
    CELLS,
    LABEL_FILES,
    LABELS_FOLDER,
    MEASURED,
    MONITOR,
    MONITORING_FOLDER,
)
from analysis.warehouse import monitored
from analysis.warehouse.building.live.files import below
from analysis.warehouse.sql import literal

_TEXT, _INTEGER, _TIME = "VARCHAR", "BIGINT", "TIMESTAMP"
_MONITOR = {
    **dict.fromkeys(("model", "title", "task", "period", "time"), _TEXT),
    **dict.fromkeys(("begin", "finish"), "DATE"),
    **dict.fromkeys(("rows", "labelled", "duplicates"), _INTEGER),
    **dict.fromkeys(("late_labels", "duplicate_labels"), _INTEGER),
    **dict.fromkeys(("contradicting_labels", "unmatched_labels"), _INTEGER),
    "status": _TEXT,
    "reason": _TEXT,
    "notes": f"{_TEXT}[]",
}
_ALERT = {
    **dict.fromkeys(("alert", "model", "rule", "metric", "of", "part", "version", "arm"), _TEXT),
    **dict.fromkeys(("severity", "who", "because", "state", "what"), _TEXT),
    **dict.fromkeys(("period", "last_period"), _TEXT),
    **dict.fromkeys(("value", "limit"), "DOUBLE"),
    **dict.fromkeys(("opened", "acknowledged", "closed", "told", "told_closed"), _TIME),
    **dict.fromkeys(("acknowledged_by", "why", "note"), _TEXT),
}


def _parquet(pattern: str, columns: Mapping[str, str]) -> str:
    return _of(columns, f"read_parquet({below(pattern)}, allow_empty = true)")


def _json(pattern: str, columns: Mapping[str, str]) -> str:
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return _of(
        columns,
        f"read_json({below(pattern)}, columns = {{{types}}}, "
        "allow_empty = true, ignore_errors = true)",
    )


def _of(columns: Mapping[str, str], source: str) -> str:
    """Write the query of the columns of a source, which has none where there is no file."""
    nothing = ", ".join(f"null::{kind} as {_quoted(name)}" for name, kind in columns.items())
    names = ", ".join(_quoted(name) for name in columns)
    return f"""
    select {names} from (
      select {nothing} where false
      union all by name from {source}
    )"""


def _quoted(name: str) -> str:
    return f'"{name}"'


_HOME = MONITORING_FOLDER
# By name: what it is, and its query.
VIEWS = {
    "labels": (
        "What came true of predictions, a row for each time that it was handed in",
        _parquet(f"{LABELS_FOLDER}/{LABEL_FILES}", monitored.LABELS),
    ),
    "monitors": (
        "The models that are monitored: what was counted of each, and how it does",
        _json(f"{_HOME}/{MONITOR}", _MONITOR),
    ),
    "bins": (
        "The cells into which values of a field are put, with their edges",
        _parquet(f"{_HOME}/{BINS}", monitored.BINS),
    ),
    "cells": (
        "Predictions and what came true of them, counted by day and cell",
        _parquet(f"{_HOME}/{CELLS}", monitored.CELLS),
    ),
    "measured": (
        "What the reports on models in production tell: a number a row, by period",
        _parquet(f"{_HOME}/{MEASURED}", monitored.MEASURED),
    ),
    "alerts": (
        "Alerts on models, open and past",
        _json(f"{_HOME}/{ALERTS}", _ALERT),
    ),
}
