"""What goes through a compiled pipeline: columns as expressions of SQL."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlglot import exp

Kind = Literal["number", "category"]

# Of the name of a layer, in letters: PostgreSQL cuts a name after 63.
_LONGEST = 40
# Terms of a sum without parentheses.
_FLAT = 30


class UncompilableError(Exception):
    """A step of a pipeline cannot be written as SQL: which one, and why."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(step, why)
        self.step = step
        self.why = why


@dataclass(frozen=True)
class Term:
    """A column on its way through a pipeline.

    ``expression`` reads columns of the layer below. ``NULL`` is what is missing in scikit-learn
    (``NaN``, ``None``). A number is a ``DOUBLE``, also a code or an indicator; a category is text.
    Unless it is ``nullable`` it never is ``NULL``, and no test for that is needed.
    """

    name: str
    expression: exp.Expr
    kind: Kind = "number"
    nullable: bool = True

    def to(
        self,
        expression: exp.Expr,
        kind: Kind = "number",
        name: str | None = None,
        *,
        nullable: bool | None = None,
    ) -> Term:
        """Give what a step makes of it; as nullable as it is, unless told."""
        missing = self.nullable if nullable is None else nullable
        return Term(name or self.name, expression, kind, missing)


Terms = tuple[Term, ...]


@dataclass(frozen=True)
class Place:
    """Where in a pipeline a step is, for messages: ``columns / number / standardscaler``."""

    names: tuple[str, ...] = ()

    def at(self, name: str) -> Place:
        """Go down to a step in it."""
        return Place((*self.names, name))

    def refuse(self, why: str) -> UncompilableError:
        """Say why this step cannot be compiled."""
        return UncompilableError(" / ".join(self.names), why)


@dataclass
class Layers:
    """The query that grows: each layer is a CTE that selects from the one below.

    Every layer passes the key on. Steps read plain columns of the last layer, so that what is
    costly is written, and computed, once. No layer is called as one of ``taken``.
    """

    source: str
    key: tuple[str, ...]
    taken: frozenset[str] = frozenset()
    ctes: list[tuple[str, exp.Select]] = field(default_factory=list)

    @property
    def last(self) -> str:
        """Name the last layer, or what is read if there is none."""
        return self.ctes[-1][0] if self.ctes else self.source

    def add(self, name: str, terms: Sequence[Term], *, keep: Iterable[str] = ()) -> Terms:
        """Put a layer on top that computes ``terms``; give them as its columns ``name_1`` ….

        ``keep`` are columns of the layer below that are passed on as they are.
        """
        kept = (*self.key, *keep)
        name = self._free(name, kept)
        columns = tuple(
            replace(term, expression=column(f"{name}_{number}"))
            for number, term in enumerate(terms, 1)
        )
        self.ctes.append((name, self._select(terms, columns, kept)))
        return columns

    def _select(self, terms: Sequence[Term], columns: Terms, kept: Sequence[str]) -> exp.Select:
        made = [
            exp.alias_(term.expression.copy(), new.expression.name, quoted=True)
            for term, new in zip(terms, columns, strict=True)
        ]
        return exp.select(*columns_of(kept), *made).from_(table(self.last))

    def _free(self, name: str, kept: Sequence[str]) -> str:
        """Give a name, in small letters, that no layer has, nor a column that is kept begins with.

        Some databases take `A` and `a` for the same, and cut what is long.
        """
        name = re.sub("[^a-z0-9]+", "_", name.lower())[:_LONGEST].strip("_") or "step"
        used = {known.lower() for known in (*self._names(), self.source, *self.taken)}
        while name in used or any(known.lower().startswith(f"{name}_") for known in kept):
            name += "_"
        return name

    def _names(self) -> Iterator[str]:
        return (known for known, _ in self.ctes)


def column(name: str) -> exp.Column:
    """Name a column, quoted."""
    return exp.column(exp.to_identifier(name, quoted=True))


def table(name: str) -> exp.Table:
    """Name a table, quoted."""
    return exp.table_(exp.to_identifier(name, quoted=True))


def number(value: float) -> exp.Expr:
    """Write a number that is read back as the same double, and as a double in every dialect."""
    text = repr(float(value))
    if "e" not in text and "." not in text:
        raise ValueError(f"{text} cannot be written in SQL")
    # Without an exponent some databases read a decimal, and compute with another precision.
    mantissa, _, exponent = text.lstrip("-").partition("e")
    literal = exp.Literal.number(f"{mantissa}e{exponent or 0}")
    return exp.Neg(this=literal) if text.startswith("-") else literal


def text(value: str) -> exp.Expr:
    """Write a text."""
    return exp.Literal.string(value)


def total(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Add up, as sums of sums where there are many: databases limit how deep an expression is."""
    if not parts:
        return number(0.0)
    if len(parts) > _FLAT:
        size = max(_FLAT, -(-len(parts) // _FLAT))
        groups = [parts[start : start + size] for start in range(0, len(parts), size)]
        parts = [exp.paren(total(group)) for group in groups]
    return functools.reduce(lambda left, right: exp.Add(this=left, expression=right), parts)


def columns_of(names: Iterable[str]) -> Iterator[exp.Column]:
    """Name several columns."""
    return map(column, names)
