"""Writing names and texts into SQL."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

_PLAIN = re.compile("[a-z_][a-z0-9_]*")
# Words that are no names in DuckDB, PostgreSQL or the other databases that we write SQL for.
RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between binary
    both by case cast check collate collation column columns concurrently constraint create cross
    current current_date current_time current_timestamp default deferrable delete desc describe
    distinct do drop else end escape except exists false fetch following for foreign freeze from
    full generated glob group grouping having if ilike in index initially inner insert intersect
    interval into is isnull join lambda lateral leading left like limit localtime localtimestamp
    map natural new no not nothing notnull null of off offset old on only or order outer over
    overlaps partition pivot pivot_longer pivot_wider placing positional primary qualify range
    recursive references returning right row rows select semi session_user set show similar some
    struct summarize symmetric table tablesample then to trailing transaction trigger true try_cast
    tuple unbounded union unique unpack unpivot update user using values variadic verbose when
    where window with
    """,
    )
)


def identifier(name: str) -> str:
    """Quote the name of a column, table or schema."""
    return '"' + name.replace('"', '""') + '"'


def readable(name: str) -> str:
    """Write a name, quoted only where it has to be."""
    return name if _PLAIN.fullmatch(name) and name not in RESERVED else identifier(name)


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def files(paths: Iterable[Path]) -> str:
    """Write a list of files, none of whose names is taken for a pattern."""
    escaped = (re.sub(r"([*?\[])", r"[\1]", str(path)) for path in paths)
    return f"[{', '.join(literal(path) for path in escaped)}]"


def constant(value: object) -> str:
    """Write a number, a truth value, a time or a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return f"{literal(repr(value))}::double"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return f"timestamp {literal(value.isoformat(sep=' '))}"
    if isinstance(value, date):
        return f"date {literal(value.isoformat())}"
    return literal(str(value))
