"""Files that begin and end as they should, and are damaged in between: they stop nothing either."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analysis.errors import ProjectError
from analysis.monitoring.labels.log import rows
from analysis.monitoring.labels.sources import Sources, sources_of
from analysis.project import Project
from analysis.warehouse.monitored import LABELS
from analysis.warehouse.opened import in_memory, telling
from analysis.warehouse.sql import files, identifier

if TYPE_CHECKING:
    import duckdb

_Result = TypeVar("_Result")


def with_readable(project: Project, model: str, work: Callable[[Sources], _Result]) -> _Result:
    """Do work with the files of a model; where it cannot be done, without those that are damaged.

    All of a file is read only then: it takes long.

    Raises
    ------
    ProjectError
        It cannot be done, and no file is the reason.
    """
    sources = sources_of(project, model)
    try:
        return work(sources)
    except ProjectError:
        with in_memory(project.work_dir) as con:
            damaged = tuple(_damaged(con, sources))
        if not damaged:
            raise
    return work(sources.without(damaged))


def _damaged(con: duckdb.DuckDBPyConnection, sources: Sources) -> Iterable[Path]:
    names = ", ".join(map(identifier, LABELS))
    queries = {
        **{path: rows(Sources(segments=(path,))) for path in sources.segments},
        **{path: rows(Sources(compacted=(path,))) for path in sources.compacted},
        **{path: f"select {names} from read_parquet({files([path])})" for path in sources.labels},
    }
    for path, query in queries.items():
        try:
            with telling("this file cannot be read"):
                con.execute(f"select bit_xor(hash(told)) from ({query}) told").fetchall()
        except ProjectError:
            yield path
