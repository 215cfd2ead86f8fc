"""Records as JSON: a list of them, one alone, or one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import orjson

from analysis.service.limits import Limits
from analysis.service.reading.content import Kind
from analysis.service.refusing import Detail, refused, unprocessable

Record = dict[str, Any]
# One that does not end goes to the end: looking for it again from each quote would take hours.
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)


def read_records(body: bytes, kind: Kind, limits: Limits) -> list[Record]:
    """Read the records of a body, each of which is an object.

    Raises
    ------
    RefusedError
        It is no JSON, has no records or too many, holds something else, or names a field twice.
    """
    _check_opened(body, limits)
    values = _lines(body, limits) if kind == "ndjson" else _listed(body)
    if not values:
        raise refused(422, "empty", "there are no rows")
    check_rows(len(values), limits)
    if any(type(value) is not dict for value in values):
        raise unprocessable(
            Detail(("body", row), "a row is an object with a field for each column", "object")
            for row, value in enumerate(values)
            if type(value) is not dict
        )
    _check_names_once(body, kind, values)
    return values


def _check_opened(body: bytes, limits: Limits) -> None:
    """See that no more is opened than rows and the list of them: millions of ``[]`` are small."""
    # What is nested too deep from the start is refused by the parser, at once.
    is_deep = body.startswith(b"[" * 1025)
    if is_deep or _opened(body) <= limits.rows + 1:
        return
    # Texts may have any number of brackets, and are looked for only where there are many.
    in_texts = sum(_opened(text[0]) for text in _TEXT.finditer(body))
    if _opened(body) - in_texts > limits.rows + 1:
        raise refused(413, "too_many_rows", f"more rows, or more in them, than {limits.rows}")


def _opened(body: bytes) -> int:
    return body.count(b"{") + body.count(b"[")


def check_rows(rows: int, limits: Limits) -> None:
    """See that there are not too many rows.

    Raises
    ------
    RefusedError
        There are.
    """
    if rows > limits.rows:
        raise refused(413, "too_many_rows", f"{rows} rows are more than {limits.rows}")


def _listed(body: bytes) -> list[Any]:
    value = _parsed(body, ("body",))
    if type(value) is dict:
        return [value]
    if type(value) is not list:
        raise refused(422, "list", "send a list of records, or one record")
    return value


def _lines(body: bytes, limits: Limits) -> list[Any]:
    lines = [line for line in body.split(b"\n") if line and not line.isspace()]
    check_rows(len(lines), limits)
    return [_parsed(line, ("body", row)) for row, line in enumerate(lines)]


def _parsed(text: bytes, loc: tuple[str | int, ...]) -> Any:
    # NaN and Infinity are no JSON, and neither are numbers beyond those of a double.
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refused(422, "json", f"this is not JSON: {_reason(error)}", loc) from None


def _reason(error: orjson.JSONDecodeError) -> str:
    return f"{error.msg} (line {error.lineno}, column {error.colno})"


def _check_names_once(body: bytes, kind: Kind, records: Sequence[Record]) -> None:
    """See that no record names a field twice; of two values, one would be lost without a word."""
    # Each name has its colon. Only where there are more, a second and slower reading tells
    # whether those are parts of texts.
    if body.count(b":") <= sum(map(len, records)):
        return
    texts = [line for line in body.split(b"\n") if line.strip()] if kind == "ndjson" else [body]
    for row, text in enumerate(texts):
        try:
            json.loads(text, object_pairs_hook=_distinct)
        except _TwiceError as error:
            loc = ("body", row, error.name) if len(texts) > 1 else ("body", error.name)
            raise refused(422, "duplicate", f"`{error.name}` is named twice", loc) from None
        except (RecursionError, ValueError):
            raise refused(422, "json", "this is not JSON that can be read") from None


class _TwiceError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _TwiceError(name)
        found[name] = value
    return found
