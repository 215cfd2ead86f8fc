"""The types that a column may be declared to have, and what a cast to them would lose."""

from __future__ import annotations

import difflib
import re

INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
UNSIGNED = ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
TIMES = ("DATE", "TIMESTAMP", "TIMESTAMPTZ")
NUMBERS = (*INTEGERS, *UNSIGNED, "FLOAT", "DOUBLE")
OTHERS = ("FLOAT", "DOUBLE", "VARCHAR", "BOOLEAN", "TIME", "INTERVAL", "UUID")
PLAIN = frozenset((*INTEGERS, *UNSIGNED, *TIMES, *OTHERS))
MAX_DIGITS = 38

# Letters that are in none of UTC, GMT and Z.
_ZONE = "[ABD-FH-LN-SV-Ya-z]"
_NANOSECONDS = "[.][0-9]{6}[0-9]*[1-9]"
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def check_type(name: str) -> str:
    """Give the declared type ``name`` in DuckDB's spelling.

    Raises
    ------
    ValueError
        It is none that we know; the message says which is close.
    """
    tidy = re.sub(r"\s+", "", name).upper()
    if tidy in PLAIN:
        return tidy
    if decimal := _DECIMAL.fullmatch(tidy):
        width, scale = int(decimal[1]), int(decimal[2])
        if 0 < width <= MAX_DIGITS and scale <= width:
            return tidy
        raise ValueError(
            f"`{name}` has more than {MAX_DIGITS} digits, or more decimals than digits"
        )
    close = difflib.get_close_matches(tidy, [*sorted(PLAIN), "DECIMAL(18,3)"], n=1)
    more = f"did you mean {close[0]}?" if close else "DuckDB's names count, such as INTEGER or DATE"
    raise ValueError(f"unknown type `{name}`; {more}")


def losing(type_name: str) -> str | None:
    """Give the pattern of texts that DuckDB would cast to ``type_name`` only by losing something.

    DuckDB rounds 1.5 to an INTEGER, and drops the hour of a DATE, the offset or the zone of a
    TIMESTAMP, and what is less than a microsecond, without a word. The pattern means the same to
    DuckDB and to Python.
    """
    if type_name in INTEGERS or type_name in UNSIGNED:
        return r"[.][0-9]*[1-9]|[eE]"
    if decimal := _DECIMAL.fullmatch(type_name):
        return rf"[.][0-9]{{{decimal[2]}}}[0-9]*[1-9]|[eE]"
    if type_name == "DATE":
        return r":"
    if type_name == "TIMESTAMP":
        return rf":[^+-]*[+-][0-9:]*[1-9]|:.*{_ZONE}|{_NANOSECONDS}"
    return _NANOSECONDS if type_name in ("TIMESTAMPTZ", "TIME") else None


def family(type_name: str) -> str:
    """Name the types among which a cast keeps each value that fits: whole numbers, times, …

    ``type_name`` may be any of DuckDB's.
    """
    tidy = re.sub(r"\s+", "", type_name).upper()
    if tidy in INTEGERS or tidy in UNSIGNED or tidy == "UHUGEINT":
        return "INTEGER"
    if tidy in ("FLOAT", "DOUBLE"):
        return "DOUBLE"
    if tidy.startswith("ENUM"):
        return "VARCHAR"
    if tidy in ("TIMESTAMPTZ", "TIMESTAMPWITHTIMEZONE"):
        return "TIMESTAMPTZ"
    if tidy.startswith("TIMESTAMP"):
        return "TIMESTAMP"
    return "DECIMAL" if tidy.startswith("DECIMAL") else tidy
