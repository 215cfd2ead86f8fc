"""From the rows of a case, as YAML reads them, to values of the types that columns have."""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

import duckdb

from analysis.errors import ViewError
from analysis.project.yamlfile import Keys
from analysis.warehouse.sql import identifier
from analysis.warehouse.views.cases import Case, Row

Types = Mapping[str, str]

_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_TEXT = re.compile(r"VARCHAR|ENUM\(.*", re.DOTALL)
_ZONED = "TIMESTAMP WITH TIME ZONE"
# What is lost when 0.1 becomes a FLOAT is less.
_LOSS = 1e-6


def types_of(con: duckdb.DuckDBPyConnection, relation: str) -> Types:
    """Give the types of the columns of ``relation``, by name and in order."""
    return {row[0]: row[1] for row in con.execute(f"describe {_quoted(relation)}").fetchall()}


def insert(con: duckdb.DuckDBPyConnection, relation: str, case: Case) -> None:
    """Put the rows that ``case`` gives of ``relation`` into it; what they leave out is NULL.

    Raises
    ------
    ViewError
        A row names an unknown column, or has a value that does not fit.
    """
    types = types_of(con, relation)
    for index, row in enumerate(case.given.get(relation, ())):
        check_columns(row, types, case, ("given", relation, index), relation)
        for column in row:
            cast(con, row[column], types[column], case, ("given", relation, index, column))
        columns = ", ".join(identifier(column) for column in row)
        marks = ", ".join(f"?::{types[column]}" for column in row)
        into = f"({columns}) values ({marks})" if row else "default values"
        con.execute(f"insert into {_quoted(relation)} {into}", list(row.values()))


def check_columns(row: Row, types: Types, case: Case, keys: Keys, relation: str) -> None:
    """See that ``relation`` has the columns that ``row`` names, which stands at ``keys``.

    Raises
    ------
    ViewError
        It has not.
    """
    for column in row:
        if column not in types:
            close = difflib.get_close_matches(column, types, n=1, cutoff=0.5)
            raise ViewError(
                f"`{relation}` has no column `{column}`",
                case.where(*keys, column),
                f"did you mean `{close[0]}`?" if close else f"it has {', '.join(types)}",
            )


def cast(con: duckdb.DuckDBPyConnection, value: Any, kind: str, case: Case, keys: Keys) -> Any:
    """Give ``value``, which stands at ``keys``, as DuckDB gives one of the type ``kind``.

    Raises
    ------
    ViewError
        It does not fit, or only by losing something.
    """
    if value is None:
        return None
    hint = _unlike(value, kind)
    found = None
    if hint is None:
        try:
            query = f"select {readable_time(f'?::{kind}', kind)}"
            [(found,)] = con.execute(query, [value]).fetchall()
        except duckdb.Error as error:
            hint = str(error).splitlines()[0].partition(": ")[2]
        else:
            hint = None if kind == _ZONED else _loss(value, found)
    if hint is not None:
        told = kind if len(kind) <= 30 else f"{kind[:27]}…"
        raise ViewError(
            f"the value {value!r} of `{keys[-1]}` does not fit the type {told}",
            case.where(*keys),
            hint,
        )
    return found


def readable_time(sql: str, kind: str) -> str:
    """Write ``sql`` of the type ``kind`` so that Python can read it: of a zone, only with pytz."""
    return f"({sql})::varchar" if kind == _ZONED else sql


def _unlike(value: Any, kind: str) -> str | None:
    """Say what to do where YAML read something else than was meant; it needs no DuckDB."""
    if _TEXT.fullmatch(kind) and not isinstance(value, str):
        return "write texts in quotes: YAML reads NO as false, 012 as 10, and 10:30 as 630"
    if isinstance(value, bool) != (kind == "BOOLEAN"):
        return "write true or false for a BOOLEAN, and for nothing else"
    if _WHOLE.fullmatch(kind) and isinstance(value, str):
        return "write a number without quotes"
    return None


def _loss(value: Any, found: Any) -> str | None:
    if isinstance(value, list) and isinstance(found, list):
        return next(filter(None, map(_loss, value, found)), None)
    if isinstance(value, dict) and isinstance(found, dict):
        return next(filter(None, (_loss(value[key], found.get(key)) for key in value)), None)
    if found is None:
        return None
    if isinstance(value, int | float) and not math.isnan(value):
        if not math.isclose(float(found), value, rel_tol=_LOSS):
            return f"it would become {found}"
    elif isinstance(value, datetime.datetime) and not isinstance(found, datetime.datetime):
        return f"it would become {found}"
    return None


def _quoted(relation: str) -> str:
    return ".".join(identifier(part) for part in relation.split("."))
