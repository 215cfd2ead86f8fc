"""Writing the live relations of the schema ``meta`` into a warehouse."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.lineage.system import ROOT_VARIABLE
from analysis.warehouse.building.live import (
    experiments,
    graph,
    models,
    monitoring,
    predictions,
    runs,
)
from analysis.warehouse.sql import literal

_PARTS = (graph, experiments, runs, models, predictions, monitoring)
_VIEWS = {name: view for part in _PARTS for name, view in part.VIEWS.items()}


def write_system(file: Path) -> None:
    """Create the live relations in the warehouse at ``file``, which nobody else has open."""
    # A connection of its own: the one that creates a project's views can read no file any more.
    with duckdb.connect(str(file)) as con:
        con.execute(f"set variable {ROOT_VARIABLE} = {literal(str(file.parent))}")
        for name, (description, query) in _VIEWS.items():
            con.execute(f"create view meta.{name} as {query}")
            con.execute(f"comment on view meta.{name} is {literal(description)}")
        con.execute("checkpoint")
