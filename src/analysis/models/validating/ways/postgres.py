"""Predicting in a PostgreSQL server, in a temporary table of a session of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import ModelError
from analysis.models.validating.subject import Answers, SkippedError, Subject, WrongError
from analysis.models.validating.ways.rows import (
    Types,
    create_table,
    in_order,
    insert_rows,
    key_of,
    named,
    query_of,
)
from analysis.redaction import Address, fill

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 10
_QUERY_SECONDS = 300
_TYPES: Types = {
    "number": "double precision",
    "integer": "bigint",
    "boolean": "boolean",
    "category": "text",
}


@dataclass(frozen=True)
class Postgres:
    """A server by its address, as libpq or SQLAlchemy write it; ``None`` if there is none.

    ``${NAME}`` in it stands for what the environment says.
    """

    url: str | None

    def __call__(self, subject: Subject) -> Answers:
        """Run the model's query over the golden cases.

        Raises
        ------
        ModelError
            The server cannot be reached, or its driver is not installed.
        SkippedError
            The model cannot be written as SQL, or no server is named.
        WrongError
            The query fails, or does not give a row for each case.
        """
        if not self.url:
            raise SkippedError("no server is named: --postgres URL")
        query = query_of(subject, "postgres")
        with _connected(fill(self.url, as_part=True)) as connection:
            rows = in_order(subject, key_of(subject.bundle), _run(connection, subject, query))
            told = connection.info.server_version
            return Answers(f"{told // 10_000}.{told % 10_000}", rows)


def _connected(address: Address) -> psycopg.Connection[Any]:
    try:
        import psycopg
    except ImportError:
        raise ModelError(
            "psycopg is not installed", hint="pip install 'analysis[postgres]'"
        ) from None
    scheme, _, rest = address.secret.partition("://")
    try:
        return psycopg.connect(
            f"{scheme.partition('+')[0]}://{rest}",
            connect_timeout=CONNECT_SECONDS,
            options=f"-c statement_timeout={_QUERY_SECONDS}s",
        )
    except psycopg.Error as error:
        said = address.redact(str(error).strip().splitlines()[0])
        raise ModelError(
            f"PostgreSQL cannot be reached: {said}",
            hint="write postgresql://user:${PASSWORD}@host/name",
        ) from None


def _run(connection: psycopg.Connection[Any], subject: Subject, query: str) -> list[Any]:
    import psycopg

    insert, rows = insert_rows(subject, "%s")
    try:
        with connection.cursor() as cursor:
            cursor.execute(create_table(subject, _TYPES, "temporary table"))
            cursor.executemany(insert, rows)
            cursor.execute(query.encode())
            found = named([column.name for column in cursor.description or ()], cursor)
        connection.rollback()
    except psycopg.Error as error:
        raise _understood(error) from None
    return found


def _understood(error: psycopg.Error) -> Exception:
    said = str(error).strip().splitlines()[0]
    # Classes of errors: of resources that do not suffice, and of limits of the program.
    if (error.sqlstate or "").startswith(("53", "54")):
        return SkippedError(f"the query is larger than this server takes: {said}")
    return WrongError(f"PostgreSQL refuses the query: {said}")
