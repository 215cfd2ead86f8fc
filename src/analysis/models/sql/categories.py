"""Known categories of a column: as values of SQL, and in the groups that encoders make of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from analysis.models.sql.arithmetic import chosen, equal, looked_up
from analysis.models.sql.term import Place, Term, missing, number, text


@dataclass(frozen=True)
class Category:
    """A category that an encoder knows, and the code that it gets; ``None`` stands for missing."""

    value: exp.Expr | None
    code: int


@dataclass(frozen=True)
class Known:
    """The categories of a column, by code.

    ``infrequent`` is the code of all that were rare, if some were. ``missing`` says whether a
    missing value is a category.
    """

    term: Term
    categories: tuple[Category, ...]
    codes: int
    infrequent: int | None

    @property
    def missing(self) -> Category | None:
        """Give the category that missing values are, if they are one."""
        return next((one for one in self.categories if one.value is None), None)

    def of(self, code: int) -> list[Category]:
        """List the categories with a code."""
        return [one for one in self.categories if one.code == code]

    def lookup(
        self, results: Sequence[tuple[Category, exp.Expr]], otherwise: exp.Expr | None
    ) -> exp.Expr:
        """Give the result of the category of a row, and ``otherwise`` for what is unknown."""
        found = [(c.value, result) for c, result in results if c.value is not None]
        absent = [result for c, result in results if c.value is None]
        known = looked_up(self.term.expression, found, otherwise) if found else otherwise
        if not absent or not self.term.nullable:
            return known if known is not None else exp.null()
        return chosen([(missing(self.term), absent[0])], known)

    def is_one_of(self, categories: Sequence[Category]) -> exp.Expr:
        """Give 1 for rows of these categories, else 0."""
        if len(categories) == 1:
            return chosen([(self._test(categories[0]), number(1.0))], number(0.0))
        return self.lookup([(one, number(1.0)) for one in categories], number(0.0))

    def is_none_of(self, categories: Sequence[Category]) -> exp.Expr:
        """Give 0 for rows of these categories, else 1."""
        return self.lookup([(one, number(0.0)) for one in categories], number(1.0))

    def is_unknown(self) -> exp.Expr:
        """Ask whether the category of a row is not known."""
        return equal(self.is_none_of(self.categories), number(1.0))

    def _test(self, category: Category) -> exp.Expr:
        if category.value is None:
            return missing(self.term)
        return equal(self.term.expression, category.value)


def known_categories(step: Any, terms: Sequence[Term], at: Place) -> Iterator[Known]:
    """Read the categories of each column of a fitted encoder.

    Raises
    ------
    UncompilableError
        They are of another type than the column.
    """
    grouped = getattr(step, "_infrequent_enabled", False)
    for place, (term, values) in enumerate(zip(terms, step.categories_, strict=True)):
        mapping = step._default_to_infrequent_mappings[place] if grouped else None
        codes = [_code(mapping, code, value) for code, value in enumerate(values)]
        categories = tuple(
            Category(None if _is_nan(value) else _literal(term, value, at), code)
            for value, code in zip(values, codes, strict=True)
            if value is not None  # which is not NaN, and never comes
        )
        infrequent = None if mapping is None else int(mapping.max())
        yield Known(term, categories, max(codes) + 1, infrequent)


def _code(mapping: Any, code: int, value: Any) -> int:
    if mapping is None:
        return code
    # An ordinal encoder leaves the code of what is missing as it was.
    return code if code >= len(mapping) else int(mapping[code])


def _literal(term: Term, value: Any, at: Place) -> exp.Expr:
    if term.kind == "category" and isinstance(value, str):
        return text(str(value))
    if term.kind == "number" and not isinstance(value, str):
        return number(float(value))
    raise at.refuse(f"`{term.name}` is a {term.kind}, and has the category {value!r}")


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
