"""Values as the model takes them: what is wrong with them is told by field and row."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.models.bundle.record import Field
from analysis.models.predicting.checks import check_columns
from analysis.service.reading.columns import Columns
from analysis.service.refusing import Detail, unprocessable


def check_values(fields: Sequence[Field], columns: Columns, *, anywhere: bool) -> None:
    """See that the model takes all values; ``anywhere``: also those out of range.

    Raises
    ------
    RefusedError
        It does not: the first fault of each field is told.
    """
    wanted = {field.name: columns[field.name] for field in fields}
    faults = check_columns(fields, wanted, "allow" if anywhere else "refuse")
    if faults:
        known = {field.name: field for field in fields}
        raise unprocessable(
            [_detail(known[fault.field], fault.row or 0, fault.what, wanted) for fault in faults]
        )


def _detail(field: Field, row: int, what: str, columns: Columns) -> Detail:
    kind = _type(field, columns[field.name][row])
    return Detail(("body", row, field.name), f"this {what}", kind)


def _type(field: Field, value: object) -> str:
    if value is None:
        return "null"
    if field.type == "category":
        return "category" if isinstance(value, str) else "type"
    if not isinstance(value, int | float) or isinstance(value, bool) or field.type == "boolean":
        return "type"
    if not math.isfinite(value):
        return "finite"
    return "range" if field.type == "number" or float(value).is_integer() else "type"
