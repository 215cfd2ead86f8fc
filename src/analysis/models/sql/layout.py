"""How a long query is laid out: a line for each column, however much it computes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

# All that a select of a layer has; another one is written on one line.
_PLAIN = {"expressions", "from_", "with_", "kind", "operation_modifiers"}


def laid_out(query: exp.Select, dialect: str) -> str:
    """Write a query with each of its layers, and each of their columns, on lines of its own.

    Indented all the way down, as sqlglot does it, hundreds of trees would be ten times as long.
    """
    layers = ",\n".join(_layer(cte, dialect) for cte in query.ctes)
    last = _select(query, dialect)
    return f"WITH {layers}\n{last}" if layers else last


def _layer(cte: exp.CTE, dialect: str) -> str:
    alias = _line(cte.args["alias"], dialect)
    materialized = {True: " MATERIALIZED", False: " NOT MATERIALIZED"}
    how = materialized.get(cte.args.get("materialized"), "")  # type: ignore[arg-type]
    return f"{alias} AS{how} (\n{_select(cte.this, dialect, '  ')}\n)"


def _select(select: exp.Expr, dialect: str, margin: str = "") -> str:
    """Write a select without the layers that it is on top of.

    What is written is not indented afterwards: a text may go over several lines.
    """
    used = {part for part, value in select.args.items() if value}
    if not isinstance(select, exp.Select) or used - _PLAIN:
        bare = select.copy()
        bare.set("with_", None)
        return margin + _line(bare, dialect)
    columns = ",\n".join(f"{margin}  {line}" for line in _columns(select, dialect))
    source = _line(select.args["from_"], dialect).strip()
    return f"{margin}SELECT\n{columns}\n{margin}{source}"


def _columns(select: exp.Select, dialect: str) -> Iterator[str]:
    for column in select.expressions:
        yield _line(column, dialect)


def _line(node: exp.Expr, dialect: str) -> str:
    return node.sql(dialect, identify=True, comments=False)
