"""Values of labels as SQL: what each is, and which are wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import ProjectError
from analysis.models.bundle.record import Bundle, KeyField
from analysis.monitoring.labels.columns import Columns
from analysis.monitoring.labels.reading import GIVEN, PLACE, Given
from analysis.monitoring.labels.typed import typed
from analysis.warehouse.sql import identifier, literal

if TYPE_CHECKING:
    import duckdb

_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_LONGEST = 5


@dataclass(frozen=True)
class Value:
    """A column that is read: the SQL of its value, and what it has to be.

    ``needed``: a missing value is wrong, too.
    """

    column: str
    sql: str
    what: str
    needed: bool = True

    @property
    def wrong(self) -> str:
        """Write when a row is wrong."""
        null = f"{self.sql} is null"
        return null if self.needed else f"{identifier(self.column)} is not null and {null}"


def label_of(columns: Columns, bundle: Bundle) -> Value:
    """Read the label, as a class of the model or a number; one that is not there is null."""
    text = f"nullif(trim({identifier(columns.label)}), '')"
    if not bundle.classes:
        number = f"try_cast({text} as double)"
        # What is not a number is missing, as it is in training.
        sql = f"case when isfinite({number}) then {number}::varchar end"
        return Value(columns.label, sql, "a finite number", needed=False)
    named = text
    if bundle.class_type == "boolean":
        named = (
            f"case when lower({text}) in ('true', 'false') then lower({text}) "
            f"when try_cast({text} as double) = 1 then 'true' "
            f"when try_cast({text} as double) = 0 then 'false' end"
        )
    elif bundle.class_type == "integer":
        named = f"({_whole_number(text, 'BIGINT')})::varchar"
    known = ", ".join(map(literal, bundle.classes))
    sql = f"case when {named} in ({known}) then {named} end"
    return Value(columns.label, sql, f"one of {_few(bundle.classes)}", needed=False)


def empty_label(columns: Columns, bundle: Bundle) -> str:
    """Write whether a row has no label (yet)."""
    text = f"trim({identifier(columns.label)})"
    nan = "" if bundle.classes and bundle.class_type == "text" else f" or lower({text}) = 'nan'"
    return f"({text} is null or {text} = ''{nan})"


def others_of(columns: Columns) -> Iterator[Value]:
    """Read all columns but the label."""
    if columns.request:
        yield Value(columns.request, f"nullif({identifier(columns.request)}, '')", "a request")
    if columns.row:
        whole = _whole_number(identifier(columns.row), "BIGINT")
        sql = f"case when ({whole}) >= 0 then ({whole}) end"
        yield Value(columns.row, sql, "a whole number from 0", needed=False)
    for field in columns.key:
        yield Value(field.name, key_value(field), f"of type {field.type}")
    for name in (columns.time, columns.known):
        if name:
            yield Value(name, time_of(name), "a time", needed=False)


def key_value(field: KeyField) -> str:
    """Read a column of the key with its type."""
    text = identifier(field.name)
    if _WHOLE.fullmatch(field.type):
        return f"({_whole_number(text, field.type)})"
    return typed(text, field.type)


def time_of(name: str) -> str:
    """Read a time: UTC where it does not say of which zone it is."""
    time = f"try_cast({identifier(name)} as timestamptz)::timestamp"
    return f"(case when isfinite({time}) then {time} end)"


def check_values(
    con: duckdb.DuckDBPyConnection, given: Given, columns: Columns, bundle: Bundle
) -> None:
    """See that all values are what they have to be.

    Raises
    ------
    ProjectError
        One is not: the first, and how many more there are.
    """
    empty = empty_label(columns, bundle)
    label = label_of(columns, bundle)
    checks = [(label, f"not {empty} and {label.sql} is null")]
    checks += [(value, f"({value.wrong})") for value in others_of(columns)]
    told = ", ".join(
        f"min({PLACE}) filter ({wrong}), count(*) filter ({wrong}), "
        f"arg_min({identifier(value.column)}, {PLACE}) filter ({wrong})"
        for value, wrong in checks
    )
    row = con.execute(f"select {told} from {GIVEN}").fetchone() or ()
    found = [
        (row[3 * n], row[3 * n + 1], row[3 * n + 2], value)
        for n, (value, _) in enumerate(checks)
        if row and row[3 * n] is not None
    ]
    if found:
        place, count, text, value = min(found, key=lambda one: one[0])
        where, row_ = given.where(place)
        said = "is missing" if text is None else f"is `{text[:60]}`"
        more = f", and so it is in {count - 1:,} more" if count > 1 else ""
        raise ProjectError(
            f"{row_}`{value.column}` {said}{more}",
            where,
            f"it has to be {value.what}; nothing was added",
        )


def _whole_number(text: str, kind: str) -> str:
    """Read a whole number; DuckDB alone would round 1.5."""
    number = f"try_cast({text} as {kind})"
    plain = f"regexp_full_match(trim({text}), '[+-]?[0-9]+([.]0*)?')"
    rounded = f"try_cast(try_cast({text} as double) as {kind})"
    return f"case when {plain} then coalesce({number}, {rounded}) end"


def _few(names: tuple[str, ...]) -> str:
    told = ", ".join(f"`{name}`" for name in names[:_LONGEST])
    more = len(names) - _LONGEST
    return f"{told} and {more} more" if more > 0 else told
