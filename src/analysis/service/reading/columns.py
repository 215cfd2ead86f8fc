"""From records to columns: each record has all columns that are wanted, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from analysis.service.reading.records import Record
from analysis.service.refusing import Detail, unprocessable

Columns = dict[str, Sequence[Any]]


def columns_of(records: Sequence[Record], needed: Sequence[str], also: Sequence[str]) -> Columns:
    """Turn records into columns.

    ``needed`` are those that all records have; of ``also``, all or none are there.

    Raises
    ------
    RefusedError
        A record lacks a field, or has one that is not known.
    """
    wanted = expected(records[0], needed, also)
    size = len(wanted)
    try:
        # What has as many fields as are wanted, and all of those, has no others.
        if all(len(record) == size for record in records):
            return {name: [*map(itemgetter(name), records)] for name in wanted}
    except KeyError:
        pass
    raise unprocessable(_odd(records, wanted))


def _odd(records: Sequence[Record], wanted: Sequence[str]) -> Iterator[Detail]:
    known = set(wanted)
    for row, record in enumerate(records):
        yield from (_missing(row, name) for name in wanted if name not in record)
        yield from (_unknown(row, name) for name in record if name not in known)


def expected(given: Any, needed: Sequence[str], also: Sequence[str]) -> list[str]:
    """Name the columns that are wanted where ``given`` are there."""
    return [*needed, *also] if any(name in given for name in also) else [*needed]


def check_names(given: list[str], wanted: Sequence[str]) -> None:
    """See that the columns of a table are those that are wanted.

    Raises
    ------
    RefusedError
        One is missing, unknown, or there twice.
    """
    details = [_missing(0, name) for name in wanted if name not in given]
    details += [_unknown(0, name) for name in given if name not in wanted]
    details += [
        Detail(("body", 0, name), f"`{name}` is named twice", "duplicate")
        for name in wanted
        if given.count(name) > 1
    ]
    if details:
        raise unprocessable(details)


def _missing(row: int, name: str) -> Detail:
    return Detail(("body", row, name), "this field is missing", "missing")


def _unknown(row: int, name: str) -> Detail:
    # The name is the sender's own; a long one is cut.
    return Detail(("body", row, name[:100]), "this field is not known", "unknown")
