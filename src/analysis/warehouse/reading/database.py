"""Databases that SQLAlchemy reaches: a table or a query, streamed; the server does the work."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.errors import SourceError
from analysis.files import digest
from analysis.redaction import fill, redact
from analysis.warehouse.reading.parts import row_at
from analysis.warehouse.reading.staged import Request, Staged
from analysis.warehouse.reading.texts import Rows, Table, stage_tables, to_text

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Connection, Engine

ROWS_AT_A_TIME = 5000
CONNECT_SECONDS = 10


@dataclass(frozen=True)
class Database:
    """A database that can be asked; ``secrets`` must not be shown."""

    engine: Engine
    request: Request
    label: str
    secrets: tuple[str, ...] = field(repr=False)

    @contextmanager
    def told(self, what: str, key: str, hint: str = "") -> Iterator[None]:
        """Make an error of what the database, or its driver, says: without the secrets."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, OSError, ValueError, TypeError) as error:
            lines = str(getattr(error, "orig", None) or error).strip().splitlines()
            said = redact(lines[0] if lines else type(error).__name__, self.secrets)
            raise SourceError(f"{what}: {said}", self.request.where(key), hint or None) from None

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Connect, to read only and in a stream."""
        what = f"the database of `{self.request.name}` cannot be reached"
        with self.told(what, "url", "see that it runs, and that address and password are right"):
            connection = self.engine.connect()
        options: dict[str, Any] = {"stream_results": True, "max_row_buffer": ROWS_AT_A_TIME}
        if self.engine.dialect.name == "postgresql":
            options["postgresql_readonly"] = True
        with connection:
            yield connection.execution_options(**options)


def state(request: Request) -> Mapping[str, str]:
    """Fingerprint what the query ``changed`` gives; without it, the rows themselves.

    Raises
    ------
    SourceError
        The database cannot be reached, or a query fails.
    """
    database = _database(request)
    with database.connected() as connection:
        if changed := request.source.changed:
            with database.told("the query `changed` failed", "changed"):
                rows = _send(connection, changed).fetchall()
                told = [[to_text(value) for value in row] for row in rows]
            return {database.label: digest(repr(told).encode())}
        with _table(connection, database) as table:
            return {database.label: _sum(table)}


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Read the declared columns of the table, or what the query gives.

    Raises
    ------
    SourceError
        The database cannot be reached, or has no such table, or the query fails.
    """
    database = _database(request)
    return stage_tables(con, request, _tables(database))


def _tables(database: Database) -> Generator[Table]:
    with database.connected() as connection, _table(connection, database) as table:
        yield table


def _database(request: Request) -> Database:
    try:
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError
        from sqlalchemy.pool import NullPool
    except ImportError:
        raise _not_installed(request, "SQLAlchemy is not installed") from None
    where = request.where("url")
    address = fill(str(request.source.url), where, as_part=True)
    label = str(address)
    try:
        url = make_url(address.secret)
        if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
            url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise SourceError(
            f"`{label}` is no address of a database",
            where,
            "write dialect+driver://user:${PASSWORD}@host/name, as SQLAlchemy wants it",
        ) from None
    except ImportError as error:
        raise _not_installed(request, f"the driver is not installed: {error.name}") from None
    secrets = (*address.values, *([str(url.password)] if url.password else []))
    return Database(engine, request, label, secrets)


def _not_installed(request: Request, what: str) -> SourceError:
    return SourceError(what, request.where("kind"), "pip install 'analysis[postgres]'")


@contextmanager
def _table(connection: Connection, database: Database) -> Iterator[Table]:
    """Send the query; the rows are left on the server until they are asked for."""
    source = database.request.source
    if source.query:
        label = f"query of {database.request.name}"
        with database.told("the query failed", "query"):
            result = _send(connection, source.query)
            names = list(result.keys())
    else:
        label = f"table {source.table}"
        names = _columns(connection, database)
        with database.told("the table cannot be read", "table"):
            result = connection.execute(_select(str(source.table), names))
    with closing(result):
        yield Table(label, names, _rows(result, database))


def _send(connection: Connection, query: str) -> Any:
    # Without parameters, % and : mean what the database takes them for.
    return connection.execution_options(no_parameters=True).exec_driver_sql(query)


def _select(table: str, names: Sequence[str]) -> Any:
    from sqlalchemy import column, null, select
    from sqlalchemy import table as named

    schema, _, name = table.rpartition(".")
    # Without any of the declared columns, what is missing is told; no row is needed for that.
    columns: list[Any] = [column(name) for name in names] or [null().label("nothing")]
    return select(*columns).select_from(named(name, *columns, schema=schema or None))


def _columns(connection: Connection, database: Database) -> list[str]:
    """List those of the declared columns that the table has."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import NoSuchTableError

    source = database.request.source
    schema, _, name = str(source.table).rpartition(".")
    with database.told("the table cannot be read", "table"):
        found = inspect(connection)
        try:
            has = {column["name"] for column in found.get_columns(name, schema or None)}
        except NoSuchTableError:
            has = set()
        if has:
            return [column for column in source.columns if column in has]
        tables = [*found.get_table_names(schema or None), *found.get_view_names(schema or None)]
    listed = ", ".join(f"`{table}`" for table in sorted(tables)[:10]) or "none"
    raise SourceError(
        f"there is no table `{source.table}` in the database",
        database.request.where("table"),
        f"its tables are: {listed}",
    )


def _rows(result: Any, database: Database) -> Rows:
    number = 0
    key = "query" if database.request.source.query else "table"
    with database.told("reading stopped", key):
        for rows in result.partitions(ROWS_AT_A_TIME):
            yield from enumerate(rows, number + 1)
            number += len(rows)


def _sum(table: Table) -> str:
    """Fingerprint the names and the rows in any order, in which a server may give them."""
    total = count = 0
    for number, row in table.rows:
        try:
            values = repr([to_text(value) for value in row])
        except ValueError as error:
            raise SourceError(f"a value {error}", row_at(table.label, number)) from None
        total += int.from_bytes(hashlib.blake2b(values.encode(), digest_size=16).digest(), "big")
        count += 1
    return digest(repr((list(table.names), count, total)).encode())
