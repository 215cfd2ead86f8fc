"""SQL that reads what is told of experiments and their runs: one row a file, nothing of damage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis.lineage.system import CURVES, RECORDS, RUNS_FOLDER, RUNS_FORMAT, SUMMARIES
from analysis.warehouse.building.live.files import contents
from analysis.warehouse.sql import literal

# What DuckDB takes from JSON, by key; what has another form is missing.
Form = Mapping[str, Any]

LISTED: Form = {"run": "VARCHAR", "current": "BOOLEAN"}
METRIC: Form = {
    "name": "VARCHAR",
    "value": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "fold_low": "DOUBLE",
    "fold_high": "DOUBLE",
    "best": "VARCHAR",
}


def summaries(form: Form) -> str:
    """Give the source of ``name`` and ``told``: what the summary of each experiment says."""
    told = _told({"format": "INTEGER", "task": "VARCHAR", **form})
    return f"""(
      select * from (
        select string_split(f.filename, '/')[-2] as name, {told} as told
        from {contents(f"{RUNS_FOLDER}/{SUMMARIES}")}
        where f.filename is not null
      ) where told.format = {RUNS_FORMAT} and told.task is not null
    )"""


def records(form: Form) -> str:
    """Give the source of ``experiment``, ``run`` and ``told``: what the record of each run says."""
    told = _told({"format": "INTEGER", "status": "VARCHAR", **form})
    return f"""(
      select * from ({_of_runs(RECORDS, told)})
      where told.format = {RUNS_FORMAT} and told.status is not null
    )"""


def curves(form: Form) -> str:
    """Give the source of ``experiment``, ``run`` and ``told``: the list of curves of each run."""
    return f"({_of_runs(CURVES, _told([form]))})"


def metric_rows(key: str, source: str) -> str:
    """Give a row for each metric that ``source`` tells of; ``key`` are the columns that name it."""
    return f"""
        select
          {key}, metric.name as metric, metric.value, metric.low, metric.high,
          metric.fold_low, metric.fold_high, metric.best, place, place = 1 as decides
        from (
          select {key}, unnest(told.metrics) as metric,
            generate_subscripts(told.metrics, 1) as place
          from {source}
        )
        """


def _of_runs(files: str, told: str) -> str:
    return f"""
      select
        string_split(f.filename, '/')[-3] as experiment,
        string_split(f.filename, '/')[-2] as run,
        {told} as told
      from {contents(f"{RUNS_FOLDER}/{files}")}
      where f.filename is not null
    """


def _told(form: Form | list[Form]) -> str:
    return f"try(from_json(try(decode(f.content)), {literal(json.dumps(form))}))"
