"""Predicting in SQLite, as Python has it: with nothing added to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from analysis.models.validating.subject import Answers, SkippedError, Subject, WrongError
from analysis.models.validating.ways.rows import (
    Types,
    create_table,
    in_order,
    insert_rows,
    key_of,
    named,
    query_of,
)

_TYPES: Types = {
    "number": "real",
    "integer": "integer",
    "boolean": "integer",
    "category": "text",
}
# What it says where a query is larger than it was built for.
_LIMITS = ("too large", "too many", "too big", "too long", "too deep", "overflow")


def through_sqlite(subject: Subject) -> Answers:
    """Run the model's query over the golden cases.

    Raises
    ------
    SkippedError
        The model cannot be written as SQL, or this SQLite is built without what it needs.
    WrongError
        The query fails, or does not give a row for each case.
    """
    query = query_of(subject, "sqlite")
    insert, rows = insert_rows(subject, "?")
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(create_table(subject, _TYPES))
            connection.executemany(insert, rows)
            cursor = connection.execute(query)
            found = named([column[0] for column in cursor.description], cursor)
        except sqlite3.Error as error:
            raise _understood(str(error)) from None
    return Answers(sqlite3.sqlite_version, in_order(subject, key_of(subject.bundle), found))


def _understood(said: str) -> Exception:
    if "no such function" in said:
        return SkippedError(f"this SQLite is built without what the model needs: {said}")
    if any(limit in said for limit in _LIMITS):
        return SkippedError(f"the query is larger than this SQLite takes: {said}")
    return WrongError(f"SQLite refuses the query: {said}")
