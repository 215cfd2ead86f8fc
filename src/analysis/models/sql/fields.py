"""Columns of the input as what scikit-learn is given: doubles and texts, `NaN` being missing."""

from __future__ import annotations

from sqlglot import exp

from analysis.models.bundle.record import Field
from analysis.models.sql.term import Term, column, number

NAN = "NaN"


def field_term(field: Field) -> Term:
    """Read a field."""
    read = column(field.name)
    if field.type == "category":
        term = Term(field.name, exp.cast(read, "text"), "category")
    elif field.type == "boolean":
        whether = exp.Case().when(read, number(1.0)).when(exp.not_(read), number(0.0))
        term = Term(field.name, whether)
    else:
        term = Term(field.name, _without_nan(exp.cast(read, "double")))
    return term


def _without_nan(value: exp.Expr) -> exp.Expr:
    """Give `NULL` for `NaN`, which pandas does not tell apart.

    `written` changes this for databases where it does not hold that `NaN = NaN`.
    """
    return exp.Nullif(this=value, expression=exp.cast(exp.Literal.string(NAN), "double"))


def nan_tested(node: exp.Expr) -> exp.Expr | None:
    """Give the value of which ``node`` makes `NULL` if it is `NaN`."""
    if isinstance(node, exp.Nullif) and isinstance(node.expression, exp.Cast):
        literal = node.expression.this
        if isinstance(literal, exp.Literal) and literal.this == NAN:
            value: exp.Expr = node.this
            return value
    return None
