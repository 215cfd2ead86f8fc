"""Segments of the log of predictions: reading their lines, and putting them into Parquet.

The Parquet of a segment has its name, so that whoever is killed between writing the one and
removing the other leaves nothing that counts twice: a segment beside its Parquet does not count.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analysis.errors import Location, ModelError
from analysis.files import temporary
from analysis.warehouse.sql import files, literal

SEGMENT, COMPACTED = ".jsonl", ".parquet"
# What a line holds, by its type in DuckDB.
COLUMNS = {
    "time": "TIMESTAMP",
    **dict.fromkeys(("request", "model", "version", "arm"), "VARCHAR"),
    "row": "BIGINT",
    "shadow": "BOOLEAN",
    **dict.fromkeys(("key", "inputs", "outputs", "error"), "JSON"),
    "latency_ms": "DOUBLE",
}
# A torn line is what a process was killed in: it was not answered, and has no columns here.
WHOLE = "time is not null and request is not null"


def lines(source: str, *, allow_empty: bool = False) -> str:
    """Write the call that reads the lines of segments; ``source`` is SQL for their names."""
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in COLUMNS.items())
    return (
        f"read_json({source}, format = 'newline_delimited', columns = {{{columns}}}, "
        "ignore_errors = true, maximum_object_size = 67108864, filename = true, "
        f"allow_empty = {str(allow_empty).lower()})"
    )


def compact(segment: Path) -> Path:
    """Write the Parquet of a closed segment beside it, in one rename; its time is UTC.

    Raises
    ------
    ModelError
        The segment cannot be read.
    OSError
        The Parquet cannot be written.
    """
    target = segment.with_suffix(COMPACTED)
    names = ", ".join(COLUMNS)
    query = f"select {names} from {lines(files([segment]))} where {WHOLE}"
    with temporary(target) as file, duckdb.connect() as con:
        # The server goes on predicting meanwhile.
        con.execute("set threads = 1; set TimeZone = 'UTC'")
        try:
            con.execute(
                f"copy ({query}) to {literal(str(file))} (format parquet, compression zstd)"
            )
        except duckdb.IOException as error:
            raise OSError(str(error).splitlines()[0]) from None
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            where = Location(f"{segment.parent.name}/{segment.name}")
            raise ModelError(f"this part of the log cannot be read: {told}", where) from None
    return target


@contextmanager
def closed(segment: Path) -> Iterator[bool]:
    """Say whether a segment is closed: nobody holds its lock, as long as a process writes it."""
    try:
        file = segment.open("rb")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
