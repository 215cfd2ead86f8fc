"""JSON: an array of objects or one object a line; keys, values, and what is malformed."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import ROWS, declare, rows
from tests.warehouse.test_bad_input import zipped

RECORDS: list[dict[str, Any]] = [
    {"day": "2026-01-01", "shop": "north", "customers": 3},
    {"shop": "south", "day": "2026-01-02"},
]
ARRAY = json.dumps(RECORDS).encode()
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("json", "v.json", ARRAY),
        ("json", "bom.json", b"\xef\xbb\xbf" + ARRAY),
        ("json", "indented.json", json.dumps(RECORDS, indent=2).encode()),
        ("json", "v.json.gz", gzip.compress(ARRAY)),
        ("json", "v.json.zip", zipped(("v.json", ARRAY))),
        ("json", "v[1].json", ARRAY),
        ("jsonl", "v.jsonl", LINES),
        ("jsonl", "crlf.jsonl", LINES.replace(b"\n", b"\r\n")),
        ("jsonl", "empty lines.jsonl", b"\n" + LINES.replace(b"\n", b"\n\n").rstrip()),
        ("jsonl", "bom.jsonl", b"\xef\xbb\xbf" + LINES),
        ("jsonl", "v.jsonl.gz", gzip.compress(LINES)),
    ],
    # Packed bytes hold the time; a test's name must not.
    ids=[
        "json",
        "bom",
        "indented",
        "gz",
        "zip",
        "brackets",
        "jsonl",
        "crlf",
        "blank",
        "boml",
        "gzl",
    ],
)
def test_what_works(folder: Folder, kind: str, name: str, content: bytes) -> None:
    folder.write(f"raw/{name}", content)
    path = f"raw/{name}".replace("[", "[[]")
    declare(folder, kind=kind, path=path)
    assert rows(folder) == ROWS


def test_several_files(folder: Folder) -> None:
    folder.write("raw/a.jsonl", LINES.splitlines()[0])
    folder.write("raw/b.jsonl", LINES.splitlines()[1])
    declare(folder, kind="jsonl", path="raw/*.jsonl")
    assert rows(folder) == ROWS


def test_values(folder: Folder) -> None:
    columns = {
        "text": "VARCHAR",
        "nested": "VARCHAR",
        "whole": "HUGEINT",
        "number": "DOUBLE",
        "flag": "BOOLEAN",
        "none": "INTEGER",
    }
    folder.write(
        "v.json",
        '[{"text": "a\\n\\u00fc", "nested": {"x": [1, null]}, "whole": 12345678901234567890123,'
        ' "number": 1e-3, "flag": true, "none": null}, {"text": ""}]',
    )
    declare(folder, columns, kind="json", path="v.json")
    ingest(folder.project)
    assert folder.query("from raw.visits") == [
        ("a\nü", '{"x":[1,null]}', 12345678901234567890123, 0.001, True, None),
        ("", None, None, None, None, None),
    ]


GOOD = '{"day": "2026-01-01", "shop": "north", "customers": 3}'


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        pytest.param(f'{GOOD}\n\n{{"day":\n{GOOD}\n', 3, "this line is not JSON", id="malformed"),
        pytest.param(f"{GOOD}\n[1]\n", 2, "is a list and no object", id="no object"),
        pytest.param(f"{GOOD}\nnull\n", 2, "is null and no object", id="null"),
        pytest.param(f'{GOOD}\n{{"day": 1, "day": 2}}\n', 2, "key `day` twice", id="twice"),
        pytest.param((GOOD + "\nü").encode("latin-1"), 2, "not UTF-8", id="latin-1"),
        pytest.param(f'{GOOD}\n\n{{"customers": "x"}}\n', 3, "`x` of column", id="value"),
        pytest.param(f"[{GOOD}]", 1, "is a list and no object", id="array"),
        pytest.param(f"{GOOD}\n{GOOD[:-4]}", 2, "not JSON", id="cut off"),
    ],
)
def test_faulty_line(folder: Folder, content: str | bytes, line: int, what: str) -> None:
    folder.write("raw/v.jsonl", content)
    declare(folder, kind="jsonl", path="raw/v.jsonl")
    error = error_of(folder)
    assert what in error.what
    assert str(error.where) == f"raw/v.jsonl:{line}"


@pytest.mark.parametrize(
    ("content", "place", "what"),
    [
        pytest.param(f'[{GOOD}, {{"day": }}]', ", row 2", "not JSON, or cut off", id="malformed"),
        pytest.param(f"[{GOOD}, 7]", ", row 2", "is a number and no object", id="no object"),
        pytest.param(f'[{GOOD}, {{"a": 1, "a": 1}}]', ", row 2", "key `a` twice", id="twice"),
        pytest.param(f"[{GOOD}, {GOOD}", ", row 2", "or cut off", id="cut off"),
        pytest.param(f"[{GOOD} {GOOD}]", ", row 1", "lacks a comma", id="no comma"),
        pytest.param(f"[{GOOD}] x", "", "behind the end", id="more"),
        pytest.param(GOOD, "", "a list of objects", id="object"),
        pytest.param("[]", "", "no records", id="no record"),
        pytest.param(f'[{GOOD}, {{"customers": 1.5}}]', ", row 2", "`1.5` of column", id="value"),
        pytest.param(f'[{GOOD}, {{"custom": 1}}]', "", "not declared: `custom`", id="new key"),
        pytest.param('[{"day": "2026-01-01", "shop": "x"}]', "", "lacks: `cust", id="missing key"),
        pytest.param('["ü"]'.encode("latin-1"), ":1", "not UTF-8", id="latin-1"),
    ],
)
def test_faulty_record(folder: Folder, content: str | bytes, place: str, what: str) -> None:
    folder.write("raw/v.json", content)
    declare(folder, kind="json", path="raw/v.json")
    error = error_of(folder)
    assert what in error.what
    assert str(error.where) == f"raw/v.json{place}"


def test_faulty_record_far_down(folder: Folder) -> None:
    many = ",\n".join([GOOD] * 200_000)
    folder.write("raw/v.json", f'[{many}, {{"day": ]')
    declare(folder, kind="json", path="raw/v.json")
    assert str(error_of(folder).where) == "raw/v.json, row 200001"
    folder.write("raw/v.json", f'[{many}, {{"day": "x"}}]')
    assert str(error_of(folder).where) == "raw/v.json, row 200001"


def test_undeclared_key_of_a_lenient_source(folder: Folder) -> None:
    folder.write("raw/v.json", ARRAY.replace(b'"south",', b'"south", "x y": 1,'))
    declare(folder, kind="json", path="raw/v.json", on_violation="warn")
    assert "the column `x y` is not declared" in str(ingest(folder.project).warnings[0])


def test_keys_that_differ_in_capitals(folder: Folder) -> None:
    folder.write("raw/v.json", ARRAY.replace(b'"shop": "south"', b'"Shop": "south"'))
    declare(folder, kind="json", path="raw/v.json")
    assert "not declared: `Shop`" in error_of(folder).what
