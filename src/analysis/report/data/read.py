"""Asking the schema ``meta``: rows with their columns as attributes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from analysis.errors import ProjectError
from analysis.warehouse.connection import db


def rows(sql: str, **parameters: Any) -> list[SimpleNamespace]:
    """Run ``sql`` on the warehouse, and give all rows."""
    with db() as connection:
        result = connection.execute(sql, parameters)
        names = [column[0] for column in result.description]
        return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in result.fetchall()]


def one(sql: str, what: str, **parameters: Any) -> SimpleNamespace:
    """Run ``sql`` that gives the one row of ``what``.

    Raises
    ------
    ProjectError
        There is no such thing.
    """
    found = rows(sql, **parameters)
    if not found:
        raise ProjectError(f"the warehouse knows no {what}", hint="run `analysis ingest`")
    return found[0]
