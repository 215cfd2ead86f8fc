"""What the rows of a source must fulfil together."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from analysis.project.model import Strict, listed
from analysis.warehouse.declared.model import Policy

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([mhdw])")
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def _age(text: str) -> str:
    if not _AGE.fullmatch(text):
        raise PydanticCustomError("age", "write a number with m, h, d or w, such as 36h")
    return text


def seconds(age: str) -> float:
    """Turn ``36h`` into seconds."""
    found = _AGE.fullmatch(age)
    assert found
    return float(found[1]) * _SECONDS[found[2]]


class Unique(Strict):
    """Columns whose values together stand in one row at most."""

    columns: Annotated[tuple[str, ...], BeforeValidator(listed)] = Field(min_length=1)
    on_violation: Policy | None = None


class Check(Strict):
    """A rule in SQL: an expression ``expect`` over a row, or a query ``no_rows`` without result."""

    name: str = Field(min_length=1)
    expect: str | None = None
    no_rows: str | None = None
    on_violation: Policy | None = None

    @model_validator(mode="after")
    def _has_one_rule(self) -> Self:
        if (self.expect is None) == (self.no_rows is None):
            raise PydanticCustomError("check", "a check has either `expect` or `no_rows`")
        return self


def _columns(value: Any) -> Any:
    return {"columns": value} if isinstance(value, str | list) else value


class Contract(Strict):
    """The rules of a source that are not those of one column.

    ``rows`` are the least and the most rows, ``null`` for none. ``fresh`` is how old the newest
    value of the source's time column may be: ``36h``.
    """

    key: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    unique: tuple[Annotated[Unique, BeforeValidator(_columns)], ...] = ()
    rows: tuple[int | None, int | None] | None = None
    fresh: Annotated[str, AfterValidator(_age)] | None = None
    checks: tuple[Check, ...] = ()
