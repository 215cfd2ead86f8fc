"""A disk that is full, or memory that is too small: said as such, and not as a mistake of ours."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from analysis.errors import SourceError

_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@contextmanager
def enough_space() -> Iterator[None]:
    """Explain what DuckDB and Python say when there is no room left.

    Raises
    ------
    SourceError
        The disk is full, or the memory that DuckDB may use is too small.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise SourceError(
            "the memory that DuckDB may use is too small for this warehouse",
            hint="give a larger --memory-limit, or end other programs",
        ) from None
    except (OSError, duckdb.Error) as problem:
        if not (said := _full(problem)):
            raise
        raise SourceError(
            f"the new warehouse cannot be written: {said}",
            hint="make room on the disk that holds `data`; the old warehouse stays as it was",
        ) from None


def _full(problem: OSError | duckdb.Error) -> str | None:
    """Say in which way there is no room; DuckDB tells it only in words."""
    number = problem.errno if isinstance(problem, OSError) else None
    for full in _FULL:
        if number == full or os.strerror(full) in str(problem):
            return os.strerror(full)
    return None
