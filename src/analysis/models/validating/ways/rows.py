"""Golden cases as a table, and rows of a query as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from analysis.models.bundle.record import PREDICTION, Bundle, FieldType
from analysis.models.sql.term import UncompilableError
from analysis.models.sql.written import prediction_sql
from analysis.models.validating.subject import SkippedError, Subject, WrongError

Types = Mapping[FieldType, str]
Row = Mapping[str, Any]


def key_of(bundle: Bundle) -> str:
    """Name a column for the number of a case, which is called as no other is."""
    taken = {field.name.lower() for field in bundle.fields}
    taken |= {output.name.lower() for output in bundle.outputs}
    name = "case_"
    while name in taken:
        name += "_"
    return name


def query_of(subject: Subject, dialect: str) -> str:
    """Write the model in a dialect of SQL, over ``input`` with the key `key_of`.

    Raises
    ------
    SkippedError
        It cannot be written as SQL.
    """
    check_compiled(subject.bundle)
    key = (key_of(subject.bundle),)
    try:
        return prediction_sql(subject.predictor.estimator, subject.bundle, key, dialect)
    except UncompilableError as error:
        raise SkippedError(f"not as SQL: {error.step}: {error.why}") from None


def check_compiled(bundle: Bundle) -> None:
    """See that the model was written as SQL when it was promoted.

    Raises
    ------
    SkippedError
        It was not.
    """
    if bundle.uncompiled:
        raise SkippedError(f"not as SQL: {bundle.uncompiled.step}: {bundle.uncompiled.why}")


def create_table(subject: Subject, types: Types, kind: str = "table") -> str:
    """Write the statement that creates ``input``; ``kind`` is of table."""
    told = [f"{quoted(key_of(subject.bundle))} {types['integer']}"]
    told += [f"{quoted(field.name)} {types[field.type]}" for field in subject.bundle.fields]
    return f"create {kind} input ({', '.join(told)})"


def insert_rows(subject: Subject, mark: str) -> tuple[str, list[tuple[Any, ...]]]:
    """Write the statement that inserts a row with parameters like ``mark``; give the rows, too."""
    columns = subject.columns().values()
    rows = [(place, *row) for place, row in enumerate(zip(*columns, strict=True))]
    return f"insert into input values ({', '.join([mark] * (len(columns) + 1))})", rows


def in_order(subject: Subject, key: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Give the outputs of rows in the order of the cases, of which ``key`` has the number.

    Raises
    ------
    WrongError
        There is not one row for each case.
    """
    found = [(row[key], outputs_of(subject.bundle, row)) for row in rows]
    placed = dict(found)
    if len(found) != len(subject.golden) or placed.keys() != set(range(len(subject.golden))):
        raise WrongError(f"it gives {len(found):,} rows for {len(subject.golden):,} cases")
    return [placed[place] for place in range(len(found))]


def outputs_of(bundle: Bundle, row: Row) -> dict[str, Any]:
    """Give the outputs of a row as they are written elsewhere; one that is not there is `None`."""
    return {
        output.name: _plain(bundle, output.name, row.get(output.name)) for output in bundle.outputs
    }


def named(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Give rows by the names of their columns."""
    return [dict(zip(names, row, strict=True)) for row in rows]


def quoted(name: str) -> str:
    """Quote a name as all three databases do."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _plain(bundle: Bundle, name: str, value: Any) -> Any:
    if name == PREDICTION and bundle.class_type == "boolean" and value in (0, 1):
        return bool(value)  # SQLite has no other truth values
    return float(value) if isinstance(value, Decimal) else value
