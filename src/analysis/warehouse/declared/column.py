"""One declared column: what it means, what it may hold, and who may see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from analysis.project.model import Strict
from analysis.warehouse.declared.model import Policy
from analysis.warehouse.declared.types import check_type

Value = bool | int | float | datetime | date | str
Bound = int | float | datetime | date | str | None


def _type(name: str) -> str:
    try:
        return check_type(name)
    except ValueError as error:
        raise PydanticCustomError("column_type", "{problem}", {"problem": str(error)}) from None


def _not_empty(bounds: tuple[Bound, Bound]) -> tuple[Bound, Bound]:
    if bounds == (None, None):
        raise PydanticCustomError("range", "a range has a lowest or a highest value, or both")
    return bounds


class Column(Strict):
    """One column: its DuckDB type, its meaning, its unit, and what its values must fulfil.

    ``range`` holds the lowest and the highest value, ``null`` for none; ``pattern`` fits the whole
    text. ``references`` is ``source.column``. ``on_violation`` stands for that of the source.
    ``protect`` says what an ingest does to values that tell of a person.
    """

    type: Annotated[str, AfterValidator(_type)]
    description: str = ""
    unit: str | None = None
    nullable: bool = True
    unique: bool = False
    range: Annotated[tuple[Bound, Bound], AfterValidator(_not_empty)] | None = None
    values: Annotated[tuple[Value, ...], Field(min_length=1)] | None = None
    pattern: str | None = None
    references: str | None = None
    on_violation: Policy | None = None
    pii: bool = False
    protect: Literal["hash", "drop"] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.protect and not self.pii:
            raise PydanticCustomError("protect", "`protect` goes with `pii: true`")
        return self


def long_form(value: Any) -> Any:
    """Take the name of a type for a column of that type."""
    return {"type": value} if isinstance(value, str) else value
