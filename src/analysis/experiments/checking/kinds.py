"""What a column can be used for, as follows from its type in DuckDB."""

from __future__ import annotations

import re

from analysis.experiments.declared.experiment import ColumnKind

_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_NUMBER = re.compile(rf"{_WHOLE.pattern}|FLOAT|DOUBLE|DECIMAL\(.*\)")
_TEXT = re.compile(r"VARCHAR|UUID|ENUM\(.*\)", re.DOTALL)
_TIME = re.compile(r"TIMESTAMP.*")


def kind_of(type_name: str) -> ColumnKind | None:
    """Say what a column is to a model; ``None`` for dates, lists and others that it cannot take."""
    if is_nested(type_name):
        return None
    if _NUMBER.fullmatch(type_name):
        return "number"
    if type_name == "BOOLEAN":
        return "boolean"
    return "category" if _TEXT.fullmatch(type_name) else None


def is_nested(type_name: str) -> bool:
    """Say whether the values are lists, structs or the like."""
    return type_name.endswith("]") or type_name.startswith(("STRUCT", "MAP", "UNION"))


def is_number(type_name: str) -> bool:
    """Say whether the values are numbers."""
    return kind_of(type_name) == "number"


def is_whole(type_name: str) -> bool:
    """Say whether the values are whole numbers."""
    return bool(_WHOLE.fullmatch(type_name))


def is_class(type_name: str) -> bool:
    """Say whether the values may be classes: texts, truth values, whole numbers."""
    return kind_of(type_name) in ("category", "boolean") or is_whole(type_name)


def has_days(type_name: str) -> bool:
    """Say whether the values are dates, or times with a date."""
    return type_name == "DATE" or has_hours(type_name)


def has_hours(type_name: str) -> bool:
    """Say whether the values are times with a date."""
    return not is_nested(type_name) and bool(_TIME.fullmatch(type_name))


def short(type_name: str) -> str:
    """Name a type without what it holds: ``ENUM``, ``STRUCT``, ``VARCHAR[]``."""
    head, bracket, _ = type_name.partition("(")
    return f"{head}[]" if bracket and type_name.endswith("]") else head
