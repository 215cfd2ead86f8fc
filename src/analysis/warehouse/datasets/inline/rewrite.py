"""Writing DuckDB's way to say something in the way of another database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp

from analysis.warehouse.datasets.inline.types import (
    CLOCKS,
    NUMBERS,
    PLAINER,
    SIGNED,
    TEXTS,
    TIMES,
    WHOLE,
    UnportableError,
    is_of,
)

# To a type: from what a database makes the same of it as DuckDB does.
_CASTS: Mapping[exp.DType, tuple[exp.DType, ...]] = {
    **dict.fromkeys(SIGNED, (*WHOLE, exp.DType.BOOLEAN)),
    **dict.fromkeys((exp.DType.DOUBLE, exp.DType.DECIMAL), NUMBERS),
    **dict.fromkeys(TEXTS, (*TEXTS, *WHOLE)),
    exp.DType.DATE: (*TIMES, *TEXTS),
    **dict.fromkeys(CLOCKS, (*TIMES, *TEXTS)),
    exp.DType.BOOLEAN: (exp.DType.BOOLEAN,),
}
# Name in DuckDB → in PostgreSQL, as a format of SQLite, in Spark, in BigQuery.
_FIELDS = {
    "year": ("YEAR", "%Y", "YEAR", "YEAR"),
    "month": ("MONTH", "%m", "MONTH", "MONTH"),
    "day": ("DAY", "%d", "DAY", "DAY"),
    "hour": ("HOUR", "%H", "HOUR", "HOUR"),
    "minute": ("MINUTE", "%M", "MINUTE", "MINUTE"),
    "dayofyear": ("DOY", "%j", "DOY", "DAYOFYEAR"),
    "quarter": ("QUARTER", "", "QUARTER", "QUARTER"),
    "dayofweek": ("DOW", "%w", "", ""),
    "isodow": ("ISODOW", "", "DAYOFWEEK_ISO", ""),
}
_SYNONYMS = {"doy": "dayofyear", "dow": "dayofweek", "dayofweekiso": "isodow"}
_DERIVED = {
    ("sqlite", "quarter"): "(CAST(STRFTIME('%m', {0}) AS INTEGER) + 2) / 3",
    ("sqlite", "isodow"): "(CAST(STRFTIME('%w', {0}) AS INTEGER) + 6) % 7 + 1",
    ("spark", "dayofweek"): "DAYOFWEEK({0}) - 1",
    ("bigquery", "dayofweek"): "EXTRACT(DAYOFWEEK FROM {0}) - 1",
    ("bigquery", "isodow"): "MOD(EXTRACT(DAYOFWEEK FROM {0}) + 5, 7) + 1",
}
_ORDER = ("postgres", "sqlite", "spark", "bigquery")
_TRUNCATED = {"HOUR": "%Y-%m-%d %H:00:00", "DAY": "%Y-%m-%d 00:00:00", "MONTH": "%Y-%m-01 00:00:00"}
_UNITS = frozenset({"MINUTE", "HOUR", "DAY", "SECOND"})
Rewrite = Callable[[exp.Expr, str], exp.Expr]


def rewritten(node: exp.Expr, dialect: str) -> exp.Expr:
    """Write ``node``, whose parts are written already, for ``dialect``.

    Raises
    ------
    UnportableError
        There is no way to write it that gives the same.
    """
    rewrite = _REWRITES.get(type(node))
    new = rewrite(node, dialect) if rewrite else node
    if new is not node and not isinstance(new, exp.Cast):
        new.type = node.type
    return new


def _field(node: exp.Expr, dialect: str) -> exp.Expr:
    """Write the year, the hour and so on of a time, as a whole number."""
    wanted = node.name if isinstance(node, exp.Extract) else node.key
    name = wanted.lower().replace("_", "")
    name = _SYNONYMS.get(name, name)
    of = node.expression if isinstance(node, exp.Extract) else node.this
    if not is_of(of, *TIMES):
        raise UnportableError(
            node, f"`{name}` is known for days, and for times without a zone", "cast it"
        )
    if name in ("hour", "minute") and is_of(of, exp.DType.DATE):
        raise UnportableError(node, f"a day has no `{name}` in {dialect}", PLAINER)
    if name not in _FIELDS:
        raise UnportableError(node, f"`{name}` of a time is not known in {dialect}", PLAINER)
    if derived := _DERIVED.get((dialect, name)):
        return _parsed(derived, dialect, of)
    field = _FIELDS[name][_ORDER.index(dialect)]
    if dialect == "sqlite":
        return _parsed(f"CAST(STRFTIME('{field}', {{0}}) AS INTEGER)", dialect, of)
    extracted = exp.Extract(this=exp.var(field), expression=of.copy())
    # PostgreSQL gives a decimal number.
    return exp.cast(extracted, "int") if dialect == "postgres" else extracted


def _date(node: exp.Expr, dialect: str) -> exp.Expr:
    parts = [node.args[name].copy() for name in ("year", "month", "day")]
    if dialect == "sqlite":
        return exp.func("PRINTF", exp.Literal.string("%04d-%02d-%02d"), *parts)
    name = "DATE" if dialect == "bigquery" else "MAKE_DATE"
    return exp.Anonymous(this=name, expressions=parts)


def _truncated(node: exp.Expr, dialect: str) -> exp.Expr:
    unit = node.text("unit").upper()
    if unit not in _TRUNCATED or not is_of(node.this, *CLOCKS):
        raise UnportableError(node, f"`date_trunc` is known for times by {_TRUNCATED}", PLAINER)
    if dialect == "sqlite":
        return _parsed(f"STRFTIME('{_TRUNCATED[unit]}', {{0}})", dialect, node.this)
    return exp.Anonymous(
        this="DATE_TRUNC", expressions=[exp.Literal.string(unit), node.this.copy()]
    )


def _sum(node: exp.Expr, dialect: str) -> exp.Expr:
    """Write an addition; SQLite has no intervals, but moves times by a text."""
    interval, factor = _interval(node.expression)
    if interval is None:
        _check_plain_sum(node)
    if interval is None or dialect != "sqlite":
        return node
    unit = interval.text("unit").upper().rstrip("S")
    if unit not in _UNITS or not is_of(node.this, *TIMES):
        raise UnportableError(node, "sqlite moves a time by seconds up to days only", PLAINER)
    count = _whole_count(interval, factor)
    moved = count if factor is None else exp.Mul(this=exp.paren(factor.copy()), expression=count)
    if isinstance(node, exp.Sub):
        moved = exp.Neg(this=exp.paren(moved))
    by = exp.DPipe(this=exp.paren(moved), expression=exp.Literal.string(f" {unit.lower()}s"))
    return exp.Anonymous(this="DATETIME", expressions=[node.this.copy(), by])


def _whole_count(interval: exp.Interval, factor: exp.Expr | None) -> exp.Expr:
    """Give the number of units; sqlite cuts what is less than a second."""
    count: exp.Expr = interval.this
    if isinstance(count, exp.Literal) and re.fullmatch(r"-?\d+", count.name):
        count = exp.Literal.number(count.name)
    elif not is_of(count, *WHOLE):
        raise UnportableError(interval, "sqlite moves a time by whole numbers only", PLAINER)
    if factor is not None and not is_of(factor, *WHOLE):
        raise UnportableError(factor, "sqlite moves a time by whole numbers only", PLAINER)
    return exp.paren(count.copy()) if isinstance(count, exp.Binary) else count.copy()


def _check_plain_sum(node: exp.Expr) -> None:
    """Two times, or a time and a number, have sums and differences of different kinds."""
    known = (*NUMBERS, exp.DType.NULL)
    if not (is_of(node.this, *known) and is_of(node.expression, *known)):
        raise UnportableError(
            node,
            f"`{'-' if isinstance(node, exp.Sub) else '+'}` is known for numbers only, and "
            "for a time and an interval after it",
            PLAINER,
        )


def _division(node: exp.Expr, dialect: str) -> exp.Expr:
    """Divide as DuckDB does: with fractions, also where both are whole numbers.

    sqlglot would add the cast, but not to the first of two divisions in a row; and in sqlite a
    value of any type may be a whole number.
    """
    if not (is_of(node.this, *NUMBERS) and is_of(node.expression, *NUMBERS)):
        raise UnportableError(node, "`/` is known for numbers only", "cast both sides to double")
    if dialect in ("spark", "bigquery"):
        return node
    left = exp.cast(node.this.copy(), "double")
    return exp.Paren(this=exp.Div(this=left, expression=node.expression.copy(), typed=True))


def _remainder(node: exp.Expr, dialect: str) -> exp.Expr:
    if not (is_of(node.this, *WHOLE) and is_of(node.expression, *WHOLE)):
        raise UnportableError(node, "`%` is known for whole numbers only", PLAINER)
    return node


def _interval(node: exp.Expr) -> tuple[exp.Interval | None, exp.Expr | None]:
    """Take ``interval '1 hour'`` or ``n * interval '1 hour'`` apart."""
    if isinstance(node, exp.Interval):
        return node, None
    if isinstance(node, exp.Mul):
        for interval, factor in ((node.expression, node.this), (node.this, node.expression)):
            if isinstance(interval, exp.Interval):
                return interval, factor
    return None, None


def _whole_division(node: exp.Expr, dialect: str) -> exp.Expr:
    if not (is_of(node.this, *WHOLE) and is_of(node.expression, *WHOLE)):
        raise UnportableError(node, "`//` is known for whole numbers only", "cast, or use `/`")
    if dialect in ("spark", "bigquery"):
        return node
    quotient = exp.Div(this=node.this.copy(), expression=node.expression.copy(), typed=True)
    return exp.Paren(this=quotient)


def _cast(node: exp.Expr, dialect: str) -> exp.Expr:
    to, source = node.args["to"], node.this
    known = source.type.this if source.type else exp.DType.UNKNOWN
    if source.is_string and to.this in TIMES:
        _check_time(source, dialect)
    is_inexact = dialect == "sqlite" and to.this == exp.DType.DECIMAL
    # A text that is no literal may be in a form that the other database does not know.
    if is_of(source, *TEXTS) and to.this in TIMES and not source.is_string:
        known = exp.DType.UNKNOWN
    if known not in _CASTS.get(to.this, ()) or is_inexact:
        shown = f"from {str(known.value).lower()} to {to.sql('duckdb').lower()}"
        raise UnportableError(
            node,
            f"a cast {shown} may give something else in {dialect}",
            "use floor() or case, or declare the type in the source",
        )
    if dialect == "sqlite" and to.this in TIMES:
        name = "DATE" if to.this == exp.DType.DATE else "DATETIME"
        return exp.Anonymous(this=name, expressions=[source.copy()])
    if to.this == exp.DType.ENUM:
        return exp.cast(source.copy(), "text")
    return node


def _check_time(text: exp.Expr, dialect: str) -> None:
    """See that a time is written as every database reads it; sqlite has whole seconds only."""
    fraction = "" if dialect == "sqlite" else r"(\.\d{1,6})?"
    form = r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d" + fraction + ")?)?"
    if not re.fullmatch(form, text.name):
        raise UnportableError(
            text,
            f"'{text.name}' may be no time, or another one, in {dialect}",
            "write `2013-01-31` for a day, `2013-01-31 10:00:00` for a time",
        )


def _round(node: exp.Expr, dialect: str) -> exp.Expr:
    """Round halves away from zero, which PostgreSQL does not."""
    if dialect != "postgres" or is_of(node.this, *WHOLE):
        return node
    return _parsed("(SIGN({0}) * FLOOR(ABS({0}) + 0.5))", dialect, node.this)


def _filter(node: exp.Expr, dialect: str) -> exp.Expr:
    """Write an aggregate of some rows; BigQuery has no FILTER, but aggregates skip NULL."""
    if dialect != "bigquery":
        return node
    aggregate: exp.Expr = node.this.copy()
    condition = node.expression.this.copy()
    value = aggregate.this
    if isinstance(value, exp.Distinct):
        raise UnportableError(node, "`filter` with `distinct` has no equal in bigquery", PLAINER)
    kept = exp.Literal.number(1) if isinstance(value, exp.Star) else value
    aggregate.set("this", exp.Case().when(condition, kept.copy()))
    return aggregate


def _text(node: exp.Expr, dialect: str) -> exp.Expr:
    if not (is_of(node.this, *TEXTS) and is_of(node.expression, *TEXTS)):
        raise UnportableError(node, "`||` is known for texts only", "cast both sides to text")
    return node


def _loose_interval(node: exp.Expr, dialect: str) -> exp.Expr:
    above = node.parent
    while isinstance(above, exp.Mul | exp.Paren):
        above = above.parent
    if dialect == "sqlite" and not isinstance(above, exp.Add | exp.Sub):
        raise UnportableError(node, "sqlite has no intervals", PLAINER)
    return node


def _parsed(template: str, dialect: str, *parts: exp.Expr) -> exp.Expr:
    sql = template.format(*(part.sql(dialect) for part in parts))
    parsed: exp.Expr = sqlglot.parse_one(sql, dialect=dialect)
    return exp.Paren(this=parsed)


_FIELD_NODES = (
    *(exp.Extract, exp.Year, exp.Quarter, exp.Month, exp.Day, exp.Hour, exp.Minute),
    *(exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear),
)
_REWRITES: Mapping[type[exp.Expr], Rewrite] = {
    **dict.fromkeys(_FIELD_NODES, _field),
    exp.DateFromParts: _date,
    exp.TimestampTrunc: _truncated,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Div: _division,
    exp.IntDiv: _whole_division,
    exp.Mod: _remainder,
    exp.Cast: _cast,
    exp.Round: _round,
    exp.Filter: _filter,
    exp.DPipe: _text,
    exp.Interval: _loose_interval,
}
