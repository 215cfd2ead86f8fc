"""Reading results of the warehouse into documents."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from analysis.errors import ProjectError
from analysis.report.personal import PERSONAL
from analysis.warehouse.connection import db
from analysis.warehouse.personal import personal_columns, personal_results

if TYPE_CHECKING:
    import pandas as pd


def query(sql: str, **parameters: Any) -> pd.DataFrame:
    """Run ``sql`` on the warehouse; ``parameters`` fill its ``$name`` places.

    The result remembers which of its columns come from columns that tell of people.
    """
    with db() as connection:
        frame = connection.execute(sql, parameters).df()
        if personal := personal_columns(connection):
            names = [str(name) for name in frame.columns]
            frame.attrs[PERSONAL] = personal_results(connection, sql, names, personal)
    return frame


def row(sql: str, **parameters: Any) -> SimpleNamespace:
    """Run ``sql`` that gives exactly one row; its columns become attributes.

    Raises
    ------
    ProjectError
        The result has no row, or more than one.
    """
    with db() as connection:
        result = connection.execute(sql, parameters)
        names = [column[0] for column in result.description]
        rows = result.fetchmany(2)
    if len(rows) != 1:
        found = "more than one row" if rows else "no row"
        raise ProjectError(
            f"this query gives {found}, one was expected: {sql.strip()}",
            hint="narrow it by a condition, or use `analysis.query`",
        )
    return SimpleNamespace(**dict(zip(names, rows[0], strict=True)))
