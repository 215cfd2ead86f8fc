"""Types by what may be done with them everywhere, and the refusal of what may not."""

from __future__ import annotations

from sqlglot import exp

WHOLE = (
    *(exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.TINYINT, exp.DType.INT128),
    *(exp.DType.UINT, exp.DType.UBIGINT, exp.DType.USMALLINT, exp.DType.UTINYINT),
)
# What the other databases have, too.
SIGNED = (exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT)
NUMBERS = (*WHOLE, exp.DType.DOUBLE, exp.DType.FLOAT, exp.DType.DECIMAL)
TEXTS = (exp.DType.VARCHAR, exp.DType.TEXT, exp.DType.ENUM)
CLOCKS = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.DATETIME)
TIMES = (*CLOCKS, exp.DType.DATE)
_KINDS = {
    **dict.fromkeys(NUMBERS, "a number"),
    **dict.fromkeys(TEXTS, "a text"),
    **dict.fromkeys(TIMES, "a time"),
    exp.DType.BOOLEAN: "true or false",
}


class UnportableError(Exception):
    """A ``node`` cannot be written for the other database: what of it, and what to do instead."""

    def __init__(self, node: exp.Expr, what: str, hint: str) -> None:
        super().__init__(what)
        self.node = node
        self.what = what
        self.hint = hint


PLAINER = "write it in plainer SQL, or put it into a source or table and name that in `tables`"


def is_of(node: exp.Expr | None, *types: exp.DType) -> bool:
    """Say whether the type of ``node`` is known, and one of ``types``."""
    return bool(node is not None and node.type and node.type.this in types)


def kind(node: exp.Expr) -> str | None:
    """Name the kind of values that ``node`` has, if that is known and not NULL alone."""
    if node.type is None or node.type.this in (exp.DType.UNKNOWN, exp.DType.NULL):
        return None
    return _KINDS.get(node.type.this, str(node.type.this.value).lower())
