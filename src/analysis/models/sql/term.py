"""What goes through a compiled pipeline: columns as expressions of SQL."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
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
    Only what is not ``nullable`` is sure to be there, and finite: no test for that is needed.
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

    def named(self, what: str) -> str:
        """Name a layer of this step."""
        return f"{self.names[-1] if self.names else 'model'}_{what}"

    def refuse(self, why: str) -> UncompilableError:
        """Say why this step cannot be compiled."""
        return UncompilableError(" / ".join(self.names), why)


@dataclass
class Layers:
    """The query that grows: each layer is a CTE that selects from the one below.

    Every layer passes the key on, and columns that are held. Steps read plain columns of the last
    layer, so that what is costly is written, and computed, once. No layer is called as one of
    ``taken``.

    Rows that scikit-learn would refuse get no answer: ``guards`` are the conditions of that over
    the last layer, and ``refused`` is a column of it that tells of those below.
    """

    source: str
    key: tuple[str, ...]
    taken: frozenset[str] = frozenset()
    ctes: list[tuple[str, exp.Select]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    guards: list[exp.Expr] = field(default_factory=list)
    refused: str | None = None
    held: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """Name the last layer, or what is read if there is none."""
        return self.ctes[-1][0] if self.ctes else self.source

    def guard(self, condition: exp.Expr) -> None:
        """Say that scikit-learn raises an error where ``condition``, over the last layer, holds."""
        self.guards.append(condition)

    def add(self, name: str, terms: Sequence[Term], *, keep: Iterable[str] = ()) -> Terms:
        """Put a layer on top that computes ``terms``; give them as its columns ``name_1`` ….

        ``keep`` are columns of the layer below that are passed on as they are.
        """
        kept = [*dict.fromkeys((*self.held, *keep))]
        name = self._free(name, kept)
        made = tuple(
            replace(term, expression=column(f"{name}_{number}"))
            for number, term in enumerate(terms, 1)
        )
        query = exp.select(*columns_of((*self.key, *kept)), *self._refused(name)).select(
            *(_named(term, new) for term, new in zip(terms, made, strict=True)), copy=False
        )
        self.ctes.append((name, query.from_(table(self.last), copy=False)))
        self.columns = (*kept, *(term.expression.name for term in made))
        return made

    def settle(self, name: str, terms: Terms) -> Terms:
        """See that ``terms`` are plain columns, by a layer that keeps all others, if need be."""
        costly = [term for term in terms if not isinstance(term.expression, exp.Column)]
        if not costly:
            return terms
        made = iter(self.add(name, costly, keep=self.columns))
        plain = (isinstance(term.expression, exp.Column) for term in terms)
        return tuple(
            term if is_plain else next(made) for term, is_plain in zip(terms, plain, strict=True)
        )

    def _refused(self, name: str) -> list[exp.Expr]:
        known = [column(self.refused)] if self.refused else []
        if not self.guards:
            return [*known]
        tests = [*(exp.EQ(this=old, expression=number(1.0)) for old in known), *self.guards]
        case = exp.Case()
        for test in tests:
            case = case.when(test, number(1.0))
        self.guards, self.refused = [], f"{name}_refused"
        return [exp.alias_(case.else_(number(0.0)), self.refused, quoted=True)]

    @contextmanager
    def holding(self, terms: Iterable[Term]) -> Iterator[None]:
        """Pass columns of the last layer on through all layers that are added meanwhile."""
        before = self.held
        self.held = tuple(dict.fromkeys((*before, *(term.expression.name for term in terms))))
        try:
            yield
        finally:
            self.held = before

    def _free(self, name: str, kept: Sequence[str]) -> str:
        """Give a name, in small letters, that no layer has, nor a column that is kept begins with.

        Some databases take `A` and `a` for the same, and cut what is long.
        """
        name = re.sub("[^a-z0-9]+", "_", name.lower())[:_LONGEST].strip("_") or "step"
        used = {known.lower() for known in (*self._names(), self.source, *self.taken)}
        passed = [known.lower() for known in (*self.key, *kept)]
        while name in used or any(known.startswith(f"{name}_") for known in passed):
            name += "_"
        return name

    def _names(self) -> Iterator[str]:
        return (known for known, _ in self.ctes)


def _named(term: Term, new: Term) -> exp.Expr:
    return exp.alias_(term.expression.copy(), new.expression.name, quoted=True, copy=False)


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


def missing(term: Term) -> exp.Expr:
    """Ask whether a value is missing."""
    return term.expression.copy().is_(exp.null())


def infinite(term: Term) -> exp.Expr:
    """Ask whether a number is infinite."""
    size = exp.Abs(this=term.expression.copy())
    return exp.GT(this=size, expression=number(sys.float_info.max))


def columns_of(names: Iterable[str]) -> Iterator[exp.Column]:
    """Name several columns."""
    return map(column, names)
