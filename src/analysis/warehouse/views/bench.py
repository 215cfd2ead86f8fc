"""The empty database in which a case of a view runs, with only the rows that it gives."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from analysis.errors import ViewError
from analysis.project import Project
from analysis.warehouse.declared.file import read_sources
from analysis.warehouse.declared.sources import Sources, rejected_table
from analysis.warehouse.sql import identifier
from analysis.warehouse.views.cases import Case
from analysis.warehouse.views.parse import create, references, replace_by_table
from analysis.warehouse.views.rows import insert
from analysis.warehouse.views.view import Reference, View, find_views, in_order

# What stands behind the columns of a source in the table of rows that were set aside.
_SET_ASIDE = "_row BIGINT, _file VARCHAR, _line BIGINT, _text VARCHAR, _reasons VARCHAR[]"


@dataclass(frozen=True)
class Declared:
    """What a project declares: its sources, and its views by name."""

    sources: Sources
    views: Mapping[str, View]


def read_declared(project: Project) -> Declared:
    """Read the declarations of the project.

    Raises
    ------
    ProjectError, ViewError
        One is wrong.
    """
    return Declared(read_sources(project), {view.name: view for view in find_views(project)})


@contextmanager
def bench(case: Case, declared: Declared) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database with the view of ``case``, all that it reads, and the given rows.

    Tables and views have the types that they are declared to have. Of the project's views only
    those are made that count, so that a mistake in another one does not matter here.

    Raises
    ------
    ViewError
        A view cannot be created, or what is given does not fit.
    """
    with duckdb.connect() as con:
        con.execute("set python_enable_replacements = false")
        con.execute("set enable_external_access = false")
        con.execute("set TimeZone = 'UTC'")
        con.execute("set threads = 1")
        _build(con, case, declared)
        yield con


def _build(con: duckdb.DuckDBPyConnection, case: Case, declared: Declared) -> None:
    views = _needed(con, declared.views[case.view], declared)
    tables = dict(_tables(declared.sources))
    known = [*tables, *(view.name for view in views if view.name != case.view)]
    _check_given(case, known)
    for schema in sorted({"raw", *(view.schema for view in views)}):
        con.execute(f"create schema {identifier(schema)}")
    for name, columns in tables.items():
        con.execute(f"create table {name} ({columns})")
        insert(con, name, case)
    for view in views:
        create(con, view, known)
        if view.name in case.given:
            replace_by_table(con, view, f"from {view.quoted} limit 0")
            insert(con, view.name, case)


def _needed(con: duckdb.DuckDBPyConnection, view: View, declared: Declared) -> tuple[View, ...]:
    """List ``view`` and the views that it reads, directly or not, each after those it reads."""
    named: dict[str, tuple[Reference, ...]] = {}
    waiting = [view.name]
    while waiting:
        name = waiting.pop()
        if name in declared.views and name not in named:
            named[name] = references(con, declared.views[name])
            waiting.extend(reference.name for reference in named[name])
    tables = dict(_tables(declared.sources))
    # The other views are known, so that a misspelt name gets the right hint.
    found = {name: declared.views[name] for name in named}
    return in_order(found.values(), named, [*tables, *(declared.views.keys() - named.keys())])


def _check_given(case: Case, known: list[str]) -> None:
    for name in case.given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            raise ViewError(
                f"`{name}` is given, which is no relation that `{case.view}` can read",
                case.where("given", name),
                f"did you mean `{close[0]}`?" if close else "write relations with their schema",
            )


def _tables(sources: Sources) -> Iterator[tuple[str, str]]:
    """Give the tables of sources, as an ingest makes them, with their columns as SQL."""
    for name, source in sources.by_name.items():
        kept = {c: spec for c, spec in source.columns.items() if spec.protect != "drop"}
        types = {c: "VARCHAR" if spec.protect == "hash" else spec.type for c, spec in kept.items()}
        yield f"raw.{name}", ", ".join(f"{identifier(c)} {kind}" for c, kind in types.items())
        if source.sets_aside:
            texts = ", ".join(f"{identifier(column)} VARCHAR" for column in kept)
            yield f"raw.{rejected_table(name)}", f"{texts}, {_SET_ASIDE}"
