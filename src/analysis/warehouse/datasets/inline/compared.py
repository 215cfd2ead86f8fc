"""Comparing and ordering: what different databases do with values of different types."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from analysis.warehouse.datasets.inline.types import (
    CLOCKS,
    UnportableError,
    is_of,
)


def check_order(node: exp.Expr, dialect: str) -> None:
    """See that the order of values is the same.

    Raises
    ------
    UnportableError
        It is not: of an enum.
    """
    if any(is_of(operand, exp.DType.ENUM) for operand in _operands(node)):
        raise UnportableError(
            node,
            f"an enum is ordered as it lists its values, and in {dialect} it would be text",
            "compare numbers instead, or test for single values",
        )
    if node.this.name.lower() == "all" and not node.this.text("table"):
        raise UnportableError(node, f"`order by all` has no equal in {dialect}", "list columns")


def check_compared(node: exp.Expr, dialect: str) -> None:
    """See that times are compared in the same way where they are texts.

    Raises
    ------
    UnportableError
        They are not.
    """
    operands = [*_operands(node)]
    if dialect != "sqlite":
        return
    if _has(operands, CLOCKS) and _has(operands, (exp.DType.DATE,)):
        raise UnportableError(
            node, "a day and a time are texts in sqlite, which differ", "cast one to the other"
        )
    texts = [operand.name for operand in operands if operand.is_string]
    for kinds, length in ((CLOCKS, 19), ((exp.DType.DATE,), 10)):
        if _has(operands, kinds) and any(len(text) != length for text in texts):
            raise UnportableError(
                node,
                "a time is a text in sqlite, and this one is not written in full",
                "write `2013-01-31` for a day, `2013-01-31 10:00:00` for a time",
            )


def check_order_of_two(node: exp.Expr, dialect: str) -> None:
    """See that both hold.

    Raises
    ------
    UnportableError
        One does not.
    """
    check_compared(node, dialect)
    check_order(node, dialect)


def _has(operands: list[exp.Expr], types: tuple[exp.DType, ...]) -> bool:
    return any(is_of(operand, *types) for operand in operands)


def _operands(node: exp.Expr) -> Iterator[exp.Expr]:
    for name in ("this", "expression", "low", "high"):
        if isinstance(operand := node.args.get(name), exp.Expr):
            yield operand
    yield from node.args.get("expressions") or ()
