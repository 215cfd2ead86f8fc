"""Putting a dataset and all its views into one query."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from analysis.errors import DatasetError
from analysis.warehouse.datasets.composition import Composition, close
from analysis.warehouse.datasets.inline.rename import renamed
from analysis.warehouse.datasets.inline.texts import Text, read_texts
from analysis.warehouse.sql import readable

DIALECTS = ("duckdb", "postgres", "sqlite", "spark", "bigquery")
DATASET = "the dataset"


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
    given = frozenset(name.lower() for name in tables)
    texts = read_texts(con, parts, given)
    _check_known(tables, texts)
    names = _names(texts, {name.lower(): value for name, value in tables.items()})
    taken = frozenset(name.strip('"').lower() for name in names.values())
    last = Text(DATASET, "", composition.sql(), 1, {}, parts)
    written = {
        names.get(text.name, DATASET): renamed(text, names, taken)
        for text in (*texts.values(), last)
        if text.sql is not None
    }
    query = written.pop(DATASET)
    if dialect != "duckdb":
        raise DatasetError(f"the dialect `{dialect}` is not written yet")
    return _joined(written, query)


def _check_known(tables: Mapping[str, str], texts: Mapping[str, Text]) -> None:
    for name in tables:
        if name.lower() not in texts:
            raise DatasetError(
                f"the dataset reads no relation `{name}`, which `tables` names",
                hint=close(name, [*texts]) or f"it reads {', '.join(texts)}",
            )


def _names(texts: Mapping[str, Text], tables: Mapping[str, str]) -> dict[str, str]:
    """Name the relations in the query: tables as they are, views with their schema in front."""
    names: dict[str, str] = {}
    for text in texts.values():
        if text.sql is None:
            names[text.name] = tables.get(text.name, readable(text.name.partition(".")[2]))
    tables_named = {name.lower() for name in names.values()}
    for text in texts.values():
        if text.sql is not None:
            name = text.name.replace(".", "_")
            while name in tables_named or name in names.values():
                name += "_"
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
