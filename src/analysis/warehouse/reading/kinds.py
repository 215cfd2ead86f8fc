"""Which module reads which kind of source; they are imported when they are needed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

from analysis.warehouse.reading.places import reader_name
from analysis.warehouse.reading.staged import Reader, Request, Staged, Stateful

if TYPE_CHECKING:
    import duckdb

    from analysis.lineage.filedigests import FileDigests

_READERS = {
    "csv": "csv",
    "tsv": "csv",
    "parquet": "parquet",
    "json": "json",
    "jsonl": "json",
    "excel": "excel",
    "sqlite": "sqlite",
    "python": "python",
    "postgres": "database",
}
# Kinds that do not come from files of the project, and so tell themselves whether they changed.
_STATES = {
    "python": "python",
    "postgres": "database",
    "url": "web",
}
# Of these, kinds that are read from another machine.
FAR = frozenset({"postgres", "url"})


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Bring the rows of a source to where DuckDB can read them.

    Raises
    ------
    SourceError
        The data are damaged or cannot be reached.
    """
    if request.source.kind == "url":
        from analysis.warehouse.reading.web import fetched

        request = fetched(request)
    module = _module(_READERS[reader_name(request.source)])
    return cast(Reader, module).stage(con, request)


def state(request: Request, digests: FileDigests) -> dict[str, str]:
    """Fingerprint the data of a source as they are now, by what they lie in.

    Raises
    ------
    SourceError
        The data cannot be reached.
    """
    if module := _STATES.get(request.source.kind):
        return dict(cast(Stateful, _module(module)).state(request))
    found: dict[str, str] = {}
    for place in request.places:
        content = digests.of_file(str(place.path))
        if content is None:
            with open(place.path, "rb"):  # noqa: PTH123 - says why it cannot be read
                pass
        found[place.label] = str(content)
    return found


def _module(name: str) -> object:
    return importlib.import_module(f"analysis.warehouse.reading.{name}")
