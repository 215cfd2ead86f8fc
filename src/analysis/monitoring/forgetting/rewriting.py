"""Taking rows out of files of the log and of labels."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.files import temporary
from analysis.monitoring.labels.sources import is_whole
from analysis.warehouse.predictionlog import COMPACTED, SEGMENT, closed, compact
from analysis.warehouse.sql import files, literal

if TYPE_CHECKING:
    import duckdb

# A segment that a compactor holds is free again soon; one that a server writes is not.
_TRIES, _SECONDS = 5, 0.2


def put_into_parquet(log: Path) -> tuple[Path, ...]:
    """Put all segments of a log into Parquet, out of which rows can be taken; give those held.

    Segments whose Parquet is there are removed: they have the rows, too.

    Raises
    ------
    ModelError
        A segment cannot be read.
    OSError
        There is no room.
    """
    return tuple(path for path in sorted(log.glob(f"*{SEGMENT}")) if not _is_put(path))


def _is_put(segment: Path) -> bool:
    for attempt in range(_TRIES):
        with closed(segment) as is_closed:
            if is_closed:
                # One that is empty may have been made a moment ago.
                if not segment.stat().st_size:
                    return True
                if not is_whole(segment.with_suffix(COMPACTED)):
                    compact(segment)
                segment.unlink(missing_ok=True)
                return True
        if not segment.exists():
            return True
        time.sleep(_SECONDS if attempt + 1 < _TRIES else 0)
    return False


def take_out(
    con: duckdb.DuckDBPyConnection, paths: Iterable[Path], gone: str, also: str = ""
) -> int:
    """Rewrite Parquet files without the rows of which ``gone`` is true; give how many these are.

    A file comes in one rename; one that would have no row is removed, one without such rows stays
    as it is. ``also`` are further options of reading it, for ``gone``.
    """
    return sum(_take_out(con, path, gone, also) for path in paths)


def _take_out(con: duckdb.DuckDBPyConnection, path: Path, gone: str, also: str) -> int:
    source = f"read_parquet({files([path])}{also})"
    found = con.execute(f"select count(*) filter ({gone}), count(*) from {source}").fetchone()
    count, rows = map(int, found or (0, 0))
    if count == rows and rows:
        path.unlink(missing_ok=True)
    elif count:
        names = con.execute(f"describe from read_parquet({files([path])})").fetchall()
        columns = ", ".join(f'"{row[0]}"' for row in names)
        with temporary(path) as file:
            con.execute(
                f"copy (select {columns} from {source} where ({gone}) is not true) "
                f"to {literal(str(file))} (format parquet, compression zstd)"
            )
    return count
