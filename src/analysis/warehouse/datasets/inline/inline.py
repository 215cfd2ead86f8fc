"""Putting a dataset and all its views into one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from analysis.errors import DatasetError
from analysis.warehouse.datasets.composition import Composition, close
from analysis.warehouse.datasets.inline.rename import renamed
from analysis.warehouse.datasets.inline.texts import Text, read_texts
from analysis.warehouse.datasets.inline.translate import translated
from analysis.warehouse.sql import readable

DIALECTS = ("duckdb", "postgres", "sqlite", "spark", "bigquery")
DATASET = "the dataset"
_NAME_PARTS = {"this", "db", "catalog"}


def inline_sql(
    con: duckdb.DuckDBPyConnection,
    composition: Composition,
    dialect: str,
    tables: Mapping[str, str],
) -> str:
    """Write one query that reads the tables of the sources only, under the names in ``tables``.

    Raises
    ------
    DatasetError
        A view cannot be written so; or there is no such dialect, or no such table.
    """
    if dialect not in DIALECTS:
        raise DatasetError(
            f"there is no dialect `{dialect}`", hint=f"choose one of {', '.join(DIALECTS)}"
        )
    parts = [part.view.name for part in (composition.sample, *composition.features)]
    tables = {name.lower(): table for name, table in tables.items()}
    texts = read_texts(con, parts, frozenset(tables))
    _check_known(tables, texts)
    _check_names(tables, dialect)
    columns = {column.name: column.type for column in composition.columns}
    last = Text(DATASET, "", composition.sql(), 1, columns, parts)
    named = _table_names(texts, tables)
    names = _view_names(texts, named.values())
    if dialect == "duckdb":
        both = {**names, **named}
        taken = frozenset(name.lower() for name in both.values())
        written = {text.name: renamed(text, both, taken) for text in _views(texts, last)}
    else:
        called = {names[name]: table for name, table in named.items()}
        written = _translated([*_views(texts, last)], texts, names, called, dialect)
    query = written.pop(DATASET)
    return _joined({names[name]: sql for name, sql in written.items()}, query)


def _views(texts: Mapping[str, Text], last: Text) -> list[Text]:
    return [text for text in (*texts.values(), last) if text.sql is not None]


def _translated(
    views: Sequence[Text],
    texts: Mapping[str, Text],
    names: Mapping[str, str],
    called: Mapping[str, str],
    dialect: str,
) -> dict[str, str]:
    """Write all views for another database; ``called`` are its tables, by our names of them."""
    written: dict[str, str] = {}
    for text in views:
        known = {names[name]: _small(texts[name].columns) for name in text.reads}
        sql = renamed(text, names, frozenset({*names.values(), *called.values()}))
        # Within the query, names are in small letters.
        columns = text.columns if text.name == DATASET else _small(text.columns)
        written[text.name] = translated(sql, text, columns, dialect, known, called)
    return written


def _small(columns: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): kind for name, kind in columns.items()}


def _check_known(tables: Mapping[str, str], texts: Mapping[str, Text]) -> None:
    for name in tables:
        if name.lower() not in texts:
            raise DatasetError(
                f"the dataset reads no relation `{name}`, which `tables` names",
                hint=close(name, [*texts]) or f"it reads {', '.join(texts)}",
            )


def _check_names(tables: Mapping[str, str], dialect: str) -> None:
    """See that what stands in for a relation is a name, and nothing else of SQL."""
    for relation, name in tables.items():
        try:
            table = sqlglot.parse_one(name, into=exp.Table, dialect=dialect)
        except SqlglotError:
            table = None
        parts = {part for part, value in table.args.items() if value} if table else set()
        if not table or not isinstance(table.this, exp.Identifier) or parts - _NAME_PARTS:
            raise DatasetError(
                f"`{name}` is not the name of a table, which `tables` gives for `{relation}`",
                hint="write it as `schema.table`, and quote what has to be",
            )


def _table_names(texts: Mapping[str, Text], tables: Mapping[str, str]) -> dict[str, str]:
    return {
        text.name: tables.get(text.name, readable(text.name.partition(".")[2]))
        for text in texts.values()
        if text.sql is None
    }


def _view_names(texts: Mapping[str, Text], taken: Iterable[str]) -> dict[str, str]:
    """Call each view by its schema and name, which no table has."""
    names: dict[str, str] = {}
    used = {name.lower() for name in taken}
    for text in texts.values():
        name = text.name.replace(".", "_")
        while name in used:
            name += "_"
        used.add(name)
        names[text.name] = name
    return names


def _joined(views: Mapping[str, str], query: str) -> str:
    clauses = ",\n".join(f"{name} as (\n{_indented(sql)}\n)" for name, sql in views.items())
    return f"with {clauses}\n{query}"


def _indented(sql: str) -> str:
    # A text may go over several lines.
    return sql if "'" in sql and _has_long_text(sql) else "  " + sql.replace("\n", "\n  ")


def _has_long_text(sql: str) -> bool:
    return any("\n" in part for part in sql.split("'")[1::2])
