"""The rules of a contract as SQL over one row: what breaks each of them, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.errors import Location
from analysis.warehouse.contracts.casts import is_cast, misfit, original, typed
from analysis.warehouse.contracts.privacy import protected
from analysis.warehouse.declared.column import Bound, Column
from analysis.warehouse.declared.model import Policy
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.sql import constant, identifier, literal


@dataclass(frozen=True)
class Rule:
    """One rule. ``broken`` is true for a row that breaks it; columns have their declared types.

    ``groups`` are the columns of a rule on rows that are alike, where all but the first break it.
    ``said`` completes the sentence: the value `x` of column `y` …
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    policy: Policy
    said: str
    where: Location
    broken: str = ""
    groups: tuple[str, ...] = ()

    @property
    def grouping(self) -> str:
        """Write the columns of ``groups`` as SQL."""
        return ", ".join(identifier(name) for name in self.groups)

    @property
    def has_groups(self) -> str:
        """Write the condition that a row has a value in each of ``groups``."""
        return " and ".join(f"{identifier(name)} is not null" for name in self.groups)


def rules_of(request: Request, staged: Staged) -> tuple[Rule, ...]:
    """List the rules of a source that speak of its rows, in the order of their columns."""
    return (*_column_rules(request, staged), *_unique_rules(request), *_expectations(request))


def _column_rules(request: Request, staged: Staged) -> Iterator[Rule]:
    for name, spec in request.source.columns.items():
        policy = spec.on_violation or request.source.on_violation
        for kind, said, broken in _conditions(name, spec, request, staged):
            key = _KEYS.get(kind, kind)
            where = request.where("columns", name, key)
            # A value that no column can hold cannot be let through.
            strict: Policy = "fail" if kind == "type" and policy == "warn" else policy
            yield Rule(f"{name}: {kind}", kind, (name,), strict, said, where, broken)


_KEYS = {"foreign key": "references", "missing": "nullable"}


def _conditions(
    name: str, spec: Column, request: Request, staged: Staged
) -> Iterator[tuple[str, str, str]]:
    """Give kind, sentence and SQL of each rule of a column."""
    column = identifier(name)
    if is_cast(name, spec, staged):
        yield "type", f"does not fit {spec.type}", misfit(name, spec, staged)
    if not spec.nullable or name in request.source.contract.key:
        yield "missing", "is missing", f"{original(name, spec, staged)} is null"
    if spec.range:
        yield "range", _range_said(spec.range), _outside(column, spec)
    if spec.values:
        listed = ", ".join(constant(value) for value in spec.values)
        yield "values", f"is none of {listed}", _not_among(column, spec)
    if spec.pattern:
        fits = f"regexp_full_match({column}, {literal(spec.pattern)})"
        yield "pattern", f"does not fit the pattern {spec.pattern}", f"not {fits}"
    if spec.references:
        yield "foreign key", f"is not in {spec.references}", _unknown(column, spec, request, staged)


def _unknown(column: str, spec: Column, request: Request, staged: Staged) -> str:
    assert spec.references
    source, _, key = spec.references.partition(".")
    is_own = source == request.name
    relation = f"({typed(request, staged)})" if is_own else f"raw.{source}"
    # Other sources are there as they are kept; its own rows are not protected yet.
    given = column if is_own else protected(column, spec)
    other = f"other.{identifier(key)}"
    known = f"(select {other} from {relation} other where {other} is not null)"
    return f"{column} is not null and {given} not in {known}"


def _range_said(bounds: tuple[Bound, Bound]) -> str:
    low, high = bounds
    if low is None:
        return f"is above {high}"
    return f"is below {low}" if high is None else f"lies outside {low} to {high}"


def _outside(column: str, spec: Column) -> str:
    assert spec.range
    parts = [
        f"{column} {sign} {constant(bound)}"
        for sign, bound in zip("<>", spec.range, strict=True)
        if bound is not None
    ]
    is_float = spec.type in ("FLOAT", "DOUBLE")
    return " or ".join([*parts, *([f"isnan({column})"] if is_float else [])])


def _not_among(column: str, spec: Column) -> str:
    assert spec.values
    if spec.type == "VARCHAR":
        # DuckDB casts each text of a dictionary once, and not that of each row.
        texts = ", ".join(literal(str(value)) for value in dict.fromkeys(spec.values))
        return f"{column} is not null and try_cast({column} as enum({texts})) is null"
    return f"{column} not in ({', '.join(constant(value) for value in spec.values)})"


def _unique_rules(request: Request) -> Iterator[Rule]:
    contract, source = request.source.contract, request.source
    for name, spec in source.columns.items():
        if spec.unique:
            where = request.where("columns", name, "unique")
            yield _unique((name,), "unique", spec.on_violation or source.on_violation, where)
    if contract.key:
        where = request.where("contract", "key")
        yield _unique(contract.key, "key", source.on_violation, where)
    for index, unique in enumerate(contract.unique):
        where = request.where("contract", "unique", index)
        policy = unique.on_violation or source.on_violation
        yield _unique(unique.columns, "unique", policy, where)


def _unique(columns: tuple[str, ...], kind: str, policy: Policy, where: Location) -> Rule:
    name = f"{', '.join(columns)}: {kind}"
    return Rule(name, kind, columns, policy, "stand in a row before", where, groups=columns)


def _expectations(request: Request) -> Iterator[Rule]:
    source = request.source
    for index, check in enumerate(source.contract.checks):
        if check.expect is not None:
            where = request.where("contract", "checks", index)
            policy = check.on_violation or source.on_violation
            said = f"breaks `{check.name}`"
            broken = f"not ({check.expect})"
            yield Rule(check.name, "expect", (), policy, said, where, broken)
