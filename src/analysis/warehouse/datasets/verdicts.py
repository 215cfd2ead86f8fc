"""Which checks have passed on which content, so that each is made once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import duckdb

from analysis.errors import AnalysisError, DatasetError
from analysis.files import write_text
from analysis.warehouse.datasets.checks import Check

# The oldest are forgotten first; to forget one means to check once more.
MOST = 2000


def make_checks(checks: Iterable[Check], con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the checks that have not passed yet on this content; ``path`` remembers them.

    Raises
    ------
    DatasetError
        One does not hold.
    """
    passed = _read(path)
    new = [check for check in checks if check.id not in passed]
    try:
        for check in new:
            _make(check, con)
            passed[check.id] = None
    finally:
        if new:
            # A project that cannot be written is checked each time.
            with suppress(OSError):
                _write(path, passed)


def _make(check: Check, con: duckdb.DuckDBPyConnection) -> None:
    try:
        check.make(con)
    except AnalysisError:
        raise
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise DatasetError(
            f"the dataset cannot be checked: {str(error).splitlines()[0]}",
            hint="run `analysis ingest`, and look at the views with `analysis.query`",
        ) from None


def _read(path: Path) -> dict[str, None]:
    try:
        return dict.fromkeys(str(name) for name in json.loads(path.read_bytes())["passed"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(path: Path, passed: dict[str, None]) -> None:
    # Another page may have written in the meantime.
    both = [*({**_read(path), **passed})][-MOST:]
    write_text(path, json.dumps({"passed": both}, indent=1) + "\n")
