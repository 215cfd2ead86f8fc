"""Comparing and ordering: what different databases do with values of different types."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from analysis.warehouse.datasets.inline.types import (
    CLOCKS,
    NUMBERS,
    TIMES,
    UnportableError,
    is_of,
    kind,
)

_CAST = "cast one to the type of the other"
_SUMS = (exp.Add, exp.Sub, exp.Mul, exp.Sum)


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
    """See that values are compared in the same way.

    Raises
    ------
    UnportableError
        They are not: because of their types, or because times are texts in sqlite.
    """
    operands = [*_operands(node)]
    check_alike(node, operands, dialect)
    if dialect != "sqlite":
        return
    if any(map(_is_decimal_sum, operands)):
        raise UnportableError(
            node, "sqlite computes decimal numbers with binary digits", "cast to double, or round"
        )
    texts = [operand.name for operand in operands if operand.is_string]
    for kinds, length in ((CLOCKS, 19), ((exp.DType.DATE,), 10)):
        if _has(operands, kinds) and any(len(text) != length for text in texts):
            raise UnportableError(
                node,
                "a time is a text in sqlite, and this one is not written in full",
                "write `2013-01-31` for a day, `2013-01-31 10:00:00` for a time",
            )


def check_digits(node: exp.Expr, dialect: str) -> None:
    """See that no FLOAT is computed or compared with: others do that with more digits, or fewer.

    Raises
    ------
    UnportableError
        One is.
    """
    if _has([*_operands(node)], (exp.DType.FLOAT,)):
        raise UnportableError(
            node, f"a FLOAT has other digits in {dialect}", "cast it to double first"
        )


def check_alike(node: exp.Expr, values: list[exp.Expr], dialect: str) -> None:
    """See that ``values`` are all numbers, all texts, all times or all truth values.

    Raises
    ------
    UnportableError
        They are not, and what DuckDB makes of them is not what others do.
    """
    kinds = {kind(value) for value in values} - {None}
    # Every database reads a text that is written beside a time as a time.
    if any(is_of(value, *TIMES) for value in values):
        kinds = {kind(value) for value in values if not value.is_string} - {None}
    if len(kinds) > 1:
        raise UnportableError(
            node, f"{' and '.join(sorted(map(str, kinds)))} do not go together in {dialect}", _CAST
        )
    if dialect == "sqlite" and _has(values, CLOCKS) and _has(values, (exp.DType.DATE,)):
        raise UnportableError(node, "a day and a time are texts in sqlite, which differ", _CAST)


def check_values(node: exp.Expr, dialect: str) -> None:
    """See that the values of which one is chosen are alike.

    Raises
    ------
    UnportableError
        They are not.
    """
    if isinstance(node, exp.Case):
        if asked := node.this:
            check_alike(node, [asked, *(each.this for each in node.args["ifs"])], dialect)
        given = [*(each.args["true"] for each in node.args["ifs"]), node.args.get("default")]
    elif isinstance(node, exp.SetOperation):
        for pair in zip(node.left.selects, node.right.selects, strict=False):
            check_alike(node, [each.unalias() for each in pair], dialect)
        return
    else:
        names = ("true", "false") if isinstance(node, exp.If) else ("this", "expression", "default")
        given = [*(node.args.get(name) for name in names), *node.expressions]
    check_alike(node, [value for value in given if isinstance(value, exp.Expr)], dialect)


def check_truth(node: exp.Expr, dialect: str) -> None:
    """See that conditions are true or false.

    Raises
    ------
    UnportableError
        One is a number, which only some databases take for that.
    """
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case) and node.parent.this:
        return
    for name in ("this", "expression"):
        condition = node.args.get(name)
        if isinstance(condition, exp.Expr) and kind(condition) not in ("true or false", None):
            raise UnportableError(
                condition, f"{kind(condition)} is no condition in {dialect}", "write `x <> 0`"
            )


def check_added(node: exp.Expr, dialect: str) -> None:
    """See that only numbers are added up, and such as have the same sum.

    Raises
    ------
    UnportableError
        They are something else, or a FLOAT.
    """
    added = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if not is_of(added, *NUMBERS, exp.DType.NULL) or is_of(added, exp.DType.FLOAT):
        what = added.type.sql("duckdb").lower() if added.type else "values of an unknown type"
        raise UnportableError(
            node,
            f"sums and means of {what} differ in {dialect}",
            "cast to double, or to a whole number",
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


def _is_decimal_sum(node: exp.Expr) -> bool:
    """Say whether DuckDB computes ``node`` exactly, in decimal digits."""
    if not node.find(*_SUMS):
        return False
    is_written = any("." in each.name for each in node.find_all(exp.Literal) if each.is_number)
    is_double = any(is_of(each, exp.DType.DOUBLE) for each in node.find_all(exp.Column))
    return is_of(node, exp.DType.DECIMAL) or (is_written and not is_double)


def _has(operands: list[exp.Expr], types: tuple[exp.DType, ...]) -> bool:
    return any(is_of(operand, *types) for operand in operands)


def _operands(node: exp.Expr) -> Iterator[exp.Expr]:
    for name in ("this", "expression", "low", "high"):
        if isinstance(operand := node.args.get(name), exp.Expr):
            yield operand
    yield from node.args.get("expressions") or ()
    if query := node.args.get("query"):
        yield from query.unnest().selects[:1]
