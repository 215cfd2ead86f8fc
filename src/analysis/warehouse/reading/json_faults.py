"""Which record of a JSON file is at fault: found only after reading it went wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import duckdb

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.csv_faults import UTF8
from analysis.warehouse.reading.csv_header import first_line_not_utf8
from analysis.warehouse.reading.parts import row_at
from analysis.warehouse.reading.places import Place

CHUNK = 1 << 20
_SPACE = " \t\r\n"
_NAMES = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "a truth value",
    type(None): "null",
}


class _FaultError(Exception):
    """A record that is none; ``number`` is its line or place, from 1."""

    def __init__(self, said: str, number: int) -> None:
        super().__init__(said)
        self.said = said
        self.number = number


def explain(problem: duckdb.Error, file: Path, place: Place, *, by_line: bool) -> SourceError:
    """Make an error that names the first record of ``file`` that is not JSON, or no object."""
    message = str(problem).splitlines()[0].partition(": ")[2].replace(str(file), place.label)
    return _first_fault(file, place, by_line=by_line) or SourceError(
        f"this file cannot be read: {message}", Location(place.label)
    )


def no_object(file: Path, place: Place, *, by_line: bool) -> SourceError:
    """Make the error for a file in which a record is no object, or has a key twice."""
    return _first_fault(file, place, by_line=by_line) or SourceError(
        "a record of this file is no object", Location(place.label)
    )


def line_of_record(file: Path, record: int) -> int | None:
    """Find the line of a record of a JSONL file, counted from 0; empty lines are passed over."""
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                if not record:
                    return number
                record -= 1
    return None


def _first_fault(file: Path, place: Place, *, by_line: bool) -> SourceError | None:
    try:
        with file.open(encoding="utf-8-sig") as text:
            for found in _lines(text) if by_line else _items(_Text(text)):
                _check_object(*found)
    except UnicodeDecodeError:
        where = Location(place.label, first_line_not_utf8(file))
        return SourceError("this file is not UTF-8", where, UTF8)
    except _FaultError as fault:
        where = Location(place.label, fault.number)
        if not by_line:
            where = row_at(place.label, fault.number)
        return SourceError(fault.said, where if fault.number else Location(place.label))
    return None


def _check_object(number: int, record: Any) -> None:
    if not isinstance(record, tuple):
        # Not the record itself, which may tell of a person.
        raise _FaultError(f"this record is {_NAMES[type(record)]} and no object", number)
    keys = [key for key, _ in record]
    if twice := [key for key in dict.fromkeys(keys) if keys.count(key) > 1]:
        raise _FaultError(f"this record has the key `{twice[0]}` twice", number)


def _lines(text: TextIO) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line, object_pairs_hook=tuple)
        except ValueError as error:
            raise _FaultError(f"this line is not JSON: {error}", number) from None


class _Text:
    """A long text, of which no more than one value stands in memory."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rest = ""
        self._decoder = json.JSONDecoder(object_pairs_hook=tuple)

    def first(self) -> str:
        """Give the next character that is no space; at the end there is none."""
        self._rest = self._rest.lstrip(_SPACE)
        while not self._rest and (more := self._stream.read(CHUNK)):
            self._rest = more.lstrip(_SPACE)
        return self._rest[:1]

    def skip(self) -> None:
        """Go on behind that character."""
        self._rest = self._rest[1:]

    def value(self) -> Any:
        """Read a whole value; at least one character must follow it.

        Raises
        ------
        ValueError
            It is none, or the text ends in it.
        """
        self.first()
        while True:
            end = len(self._rest)
            try:
                value, end = self._decoder.raw_decode(self._rest)
                if end < len(self._rest):
                    self._rest = self._rest[end:]
                    return value
            except json.JSONDecodeError as error:
                # What is wrong long before the end does not become right by reading on.
                if error.pos + CHUNK < end:
                    raise
            # Twice as much each time, since every try starts from the beginning.
            if not (more := self._stream.read(max(CHUNK, end))):
                raise ValueError
            self._rest += more


def _items(text: _Text) -> Iterator[tuple[int, Any]]:
    """Read the records of an array one by one."""
    if text.first() != "[":
        raise _FaultError("this file does not hold a list of objects: [{…}, {…}]", 0)
    text.skip()
    number = 1
    while text.first() != "]":
        try:
            yield number, text.value()
        except ValueError:
            raise _FaultError("this record is not JSON, or cut off", number) from None
        if text.first() not in ("]", ",") or not text.first():
            raise _FaultError("this list is cut off or lacks a comma behind this record", number)
        if text.first() == ",":
            text.skip()
        number += 1
    text.skip()
    if text.first():
        raise _FaultError("something stands behind the end of the list", 0)
