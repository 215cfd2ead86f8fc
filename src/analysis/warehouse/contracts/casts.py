"""From texts to declared types: which columns are cast, and which values do not fit."""

from __future__ import annotations

from analysis.warehouse.declared.column import Column
from analysis.warehouse.declared.types import losing
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.sql import identifier, literal

# The number of a row, as it stands in the data.
ROW = identifier("row of the data")


def is_cast(name: str, spec: Column, staged: Staged) -> bool:
    """Say whether the data hold the column in another type than it is declared to have."""
    return staged.columns[name] != spec.type


def cast_of(name: str, spec: Column, staged: Staged) -> str:
    """Write the column with its declared type; a value that does not fit becomes NULL."""
    column = identifier(name)
    return f"try_cast({column} as {spec.type})" if is_cast(name, spec, staged) else column


def misfit(name: str, spec: Column, staged: Staged) -> str:
    """Write the condition that a value cannot be cast without loss.

    The relation has the original values under ``text_of(name)``.
    """
    original, column = text_of(name), identifier(name)
    pattern = losing(spec.type)
    loses = ""
    if staged.columns[name] == "VARCHAR":
        loses = f" or regexp_matches({original}, {literal(pattern)})" if pattern else ""
    else:
        loses = f" or {column}::{staged.columns[name]} <> {original}"
    return f"{original} is not null and ({column} is null{loses})"


def typed(request: Request, staged: Staged, *, originals: bool = False, row: str = "") -> str:
    """Select the declared columns with their declared types, in the order of the data.

    With ``originals``, those that are cast stand beside them as they were; ``row`` is SQL for the
    number of a row, which is then called `ROW`.
    """
    declared = request.source.columns
    columns = [f"{row} as {ROW}"] if row else []
    for name in staged.columns:
        if (spec := declared.get(name)) is None:
            continue
        columns.append(f"{cast_of(name, spec, staged)} as {identifier(name)}")
        if originals and is_cast(name, spec, staged):
            columns.append(f"{identifier(name)} as {text_of(name)}")
    return f"select {', '.join(columns)} from {staged.relation}"


def original(name: str, spec: Column, staged: Staged) -> str:
    """Write the column as the data hold it, cast or not."""
    return text_of(name) if is_cast(name, spec, staged) else identifier(name)


def text_of(name: str) -> str:
    """Name the original values of a column that is cast."""
    return identifier(f"{name} as it is")
