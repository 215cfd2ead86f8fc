"""Answers of the warehouse as plain rows, for what happens before any page runs."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from analysis.errors import Location, ViewError
from analysis.project import Project
from analysis.warehouse.connection import connect

Rows = tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]


def ask(project: Project, query: str, where: Location, most: int) -> Rows:
    """Run ``query``, one SELECT whose text begins at ``where``; give its columns and rows.

    There are ``most`` rows at most.

    Raises
    ------
    ProjectError
        The warehouse is not built yet.
    ViewError
        DuckDB refuses the query; with the line that it names.
    """
    with connect(project) as connection:
        try:
            kinds = [s.type.name for s in connection.extract_statements(query)]
            if kinds not in (["SELECT"], ["MULTI"]):
                raise ViewError("this is not one SELECT", where, "write one query, without `;`")
            result = connection.execute(query)
            columns = tuple(column[0] for column in result.description)
            return columns, tuple(result.fetchmany(most))
        except duckdb.Error as error:
            raise _failed(error, where) from None


def _failed(error: duckdb.Error, where: Location) -> ViewError:
    message = str(error)
    place = re.search(r"^LINE (\d+):", message, re.MULTILINE)
    line = (where.line or 1) + (int(place[1]) - 1 if place else 0)
    first, *rest = [text for text in message.splitlines() if text.strip()]
    hint = next((text for text in rest if text.startswith(("Did you mean", "Candidate"))), None)
    return ViewError(first.partition(": ")[2] or first, Location(where.path, line), hint)
