"""Mistakes in ``data/sources.yml`` that show only when several of its keys are seen together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from analysis.errors import Location, ProjectError
from analysis.warehouse.declared.kinds import KEYS, MEANS, SOME
from analysis.warehouse.declared.sources import NAME, Source, Sources
from analysis.warehouse.declared.types import NUMBERS, TIMES, family

# `user:password@` in an address, unless the password is taken from the environment.
_PASSWORD = re.compile(r"//[^/@\s:]*:(?!\$\{)[^/@\s]+@")


def check(sources: Sources) -> None:
    """Look at all sources.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    for name, source in sources.by_name.items():
        _check_name(name, sources)
        _check_kind(name, source, sources)
        _check_columns(name, source, sources)
        _check_time(name, source, sources)
        _check_contract(name, source, sources)
        _check_references(name, source, sources)
    _check_circles(sources)


def _check_name(name: str, sources: Sources) -> None:
    if not NAME.fullmatch(name) or "__" in name:
        raise ProjectError(
            f"`{name}` cannot be the name of a table",
            sources.where(name),
            "use small letters, digits and single _, a letter first",
        )


def _check_kind(name: str, source: Source, sources: Sources) -> None:
    keys = KEYS[source.kind]
    given = source.model_fields_set & SOME
    for key in keys.needed:
        if key not in given:
            raise _lacks(name, key, source, sources)
    for key in sorted(given - set(keys.all())):
        raise ProjectError(
            f"the source `{name}` of kind {source.kind} cannot have a {key}",
            sources.where(name, key),
            f"it takes {', '.join(keys.all())}",
        )
    chosen = [key for key in keys.one_of if key in given]
    if keys.one_of and len(chosen) != 1:
        if not chosen:
            raise _lacks(name, keys.one_of[0], source, sources)
        raise ProjectError(
            f"the source `{name}` has {' and '.join(chosen)}",
            sources.where(name, chosen[-1]),
            "keep one of them",
        )
    if source.url and _PASSWORD.search(source.url):
        raise ProjectError(
            f"the address of `{name}` holds a password",
            sources.where(name, "url"),
            "put it into the environment and write `${NAME}` here",
        )


def _lacks(name: str, key: str, source: Source, sources: Sources) -> ProjectError:
    return ProjectError(
        f"the source `{name}` of kind {source.kind} names no {key}",
        sources.where(name),
        f"add `{key}:`, {MEANS.get(key, 'which it needs')}",
    )


def _check_columns(name: str, source: Source, sources: Sources) -> None:
    seen: dict[str, str] = {}
    for column, spec in source.columns.items():
        where = sources.where(name, "columns", column)
        if (other := seen.setdefault(column.lower(), column)) != column:
            raise ProjectError(
                f"the columns `{other}` and `{column}` differ only in capital letters",
                where,
                "DuckDB holds them for one; give one of them another name in the file",
            )
        if spec.range and spec.type not in {*NUMBERS, *TIMES} and "DECIMAL" not in spec.type:
            raise ProjectError(
                f"the column `{column}` of type {spec.type} cannot have a range",
                sources.where(name, "columns", column, "range"),
                "ranges are for numbers and times; use `values` or `pattern`",
            )
        if spec.pattern and spec.type != "VARCHAR":
            raise ProjectError(
                f"the column `{column}` of type {spec.type} cannot have a pattern",
                sources.where(name, "columns", column, "pattern"),
                "patterns are for VARCHAR; use `range` or `values`",
            )
        if spec.type == "VARCHAR" and any(isinstance(v, bool) for v in spec.values or ()):
            raise ProjectError(
                f"the values of `{column}` of type VARCHAR are no texts: YAML reads yes, no, on, "
                "off, true and false as truth values",
                sources.where(name, "columns", column, "values"),
                "write these texts in quotes",
            )
        _check_pattern(name, column, spec.pattern, sources)


def _check_pattern(name: str, column: str, pattern: str | None, sources: Sources) -> None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise ProjectError(
            f"the pattern of `{column}` is no regular expression: {error}",
            sources.where(name, "columns", column, "pattern"),
        ) from None


def _check_time(name: str, source: Source, sources: Sources) -> None:
    if source.contract.fresh and source.time is None:
        raise ProjectError(
            f"the contract of `{name}` asks for freshness, but the source has no time column",
            sources.where(name, "contract", "fresh"),
            "add `time:`, the column that is the source's own clock",
        )
    if source.time is None:
        return
    clock = source.columns.get(source.time)
    if clock is None or clock.type not in TIMES:
        raise ProjectError(
            f"the time column `{source.time}` of `{name}` is "
            + ("not declared" if clock is None else f"of type {clock.type}"),
            sources.where(name, "time"),
            "name a declared column of type DATE, TIMESTAMP or TIMESTAMPTZ",
        )


def _check_contract(name: str, source: Source, sources: Sources) -> None:
    contract = source.contract
    for column in contract.key:
        _check_known(column, source.columns, sources.where(name, "contract", "key"))
    for index, unique in enumerate(contract.unique):
        for column in unique.columns:
            where = sources.where(name, "contract", "unique", index)
            _check_known(column, source.columns, where)
    names = [check.name for check in contract.checks]
    for index, check in enumerate(names):
        if check in names[:index]:
            raise ProjectError(
                f"two checks of `{name}` are called `{check}`",
                sources.where(name, "contract", "checks", index),
                "give each a name of its own",
            )


def _check_references(name: str, source: Source, sources: Sources) -> None:
    for column, spec in source.columns.items():
        if spec.references is None:
            continue
        where = sources.where(name, "columns", column, "references")
        target, _, key = spec.references.partition(".")
        _check_known(target, sources.by_name, where, "source")
        columns = sources.by_name[target].columns
        _check_known(key, columns, where)
        if target != name and columns[key].protect == "drop":
            raise ProjectError(
                f"`{spec.references}` is dropped, so that nothing can be compared with it",
                where,
                "write `protect: hash` for both columns, or leave out `references`",
            )
        if target != name and columns[key].protect != spec.protect:
            raise ProjectError(
                f"`{column}` and `{spec.references}` are not protected alike",
                where,
                "hash both of them, or write the same `protect` for both",
            )
        if family(columns[key].type) != family(spec.type):
            raise ProjectError(
                f"`{column}` is {spec.type}, but `{spec.references}` is {columns[key].type}",
                where,
                "the two columns need types that can be compared",
            )


def _check_known(name: str, known: Collection[str], where: Location, what: str = "column") -> None:
    if name in known:
        return
    close = difflib.get_close_matches(name, known, n=1)
    raise ProjectError(
        f"there is no {what} `{name}`",
        where,
        f"did you mean `{close[0]}`?" if close else "use one that is declared in this file",
    )


def _check_circles(sources: Sources) -> None:
    """Sources are read after those that they refer to; one may refer to itself."""
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            drawn = " → ".join((*trail[trail.index(name) :], name))
            raise ProjectError(
                f"sources refer to each other in a circle: {drawn}",
                sources.where(name),
                "write one of these references as a check with `no_rows`",
            )
        if name not in done:
            for other in referred(name, sources):
                visit(other, (*trail, name))
            done.add(name)

    for name in sources.by_name:
        visit(name, ())


def referred(name: str, sources: Sources) -> tuple[str, ...]:
    """Name the other sources that the columns of ``name`` refer to."""
    columns = sources.by_name[name].columns.values()
    found = {c.references.partition(".")[0] for c in columns if c.references}
    return tuple(sorted(found - {name}))
