"""What an ingest does to values that tell of a person: nothing, hash them, or drop them."""

from __future__ import annotations

import os

import duckdb

from analysis.errors import ProjectError
from analysis.warehouse.declared.column import Column
from analysis.warehouse.reading.staged import Request

# Without a secret, a hash of a name or a number can be found by trying them all.
SALT = "ANALYSIS_PII_SALT"


def set_salt(con: duckdb.DuckDBPyConnection, request: Request) -> None:
    """See that what is to be hashed can be; the salt stays out of all SQL, and so of errors.

    Raises
    ------
    ProjectError
        The environment holds no salt.
    """
    hashed = [n for n, spec in request.source.columns.items() if spec.protect == "hash"]
    if not hashed:
        return
    if not os.environ.get(SALT):
        raise ProjectError(
            f"`{hashed[0]}` is to be hashed, but {SALT} is not set",
            request.where("columns", hashed[0], "protect"),
            "set it to a secret that stays the same, or no two ingests give equal values",
        )
    con.execute("set variable pii_salt = ?", [os.environ[SALT]])


def protected(value: str, spec: Column) -> str:
    """Write a column as it may be kept; equal values stay equal."""
    if spec.protect != "hash":
        return value
    salted = f"getvariable('pii_salt') || {value}::varchar"
    return f"case when {value} is not null then sha256({salted}) end"


def told(problem: duckdb.Error, *, is_personal: bool) -> str:
    """Give what DuckDB says of a rule; where rows tell of people, no value of theirs."""
    kind, _, message = str(problem).splitlines()[0].partition(": ")
    is_of_values = not isinstance(problem, duckdb.ParserException | duckdb.BinderException)
    if is_personal and is_of_values:
        return f"{kind} (no more is shown: pii)"
    return message
