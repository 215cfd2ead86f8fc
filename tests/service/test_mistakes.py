"""What is wrong with a request is told by row and field, and nothing else is told."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.service.reading.columns import columns_of
from analysis.service.refusing import RefusedError
from tests.helpers.serving import ROW, Server

LINES, PARQUET = "application/x-ndjson", "application/vnd.apache.parquet"


def without(name: str) -> dict[str, Any]:
    """Give a row that lacks a field."""
    return {key: value for key, value in ROW.items() if key != name}


WRONG: tuple[tuple[Any, list[str | int], str], ...] = (
    ([ROW, {**ROW, "wind": "calm"}], ["body", 1, "wind"], "type"),
    ({**ROW, "wind": True}, ["body", 0, "wind"], "type"),
    ({**ROW, "wind": [1]}, ["body", 0, "wind"], "type"),
    ({**ROW, "wind": {"a": {"b": {}}}}, ["body", 0, "wind"], "type"),
    ({**ROW, "hour": 8.5}, ["body", 0, "hour"], "type"),
    ({**ROW, "holiday": 1}, ["body", 0, "holiday"], "type"),
    ({**ROW, "holiday": "true"}, ["body", 0, "holiday"], "type"),
    ({**ROW, "carrier": 7}, ["body", 0, "carrier"], "type"),
    ([ROW, ROW, {**ROW, "wind": 60.5}], ["body", 2, "wind"], "range"),
    ({**ROW, "wind": -1e300}, ["body", 0, "wind"], "range"),
    ({**ROW, "hour": 10**30}, ["body", 0, "hour"], "range"),
    ([ROW, without("wind")], ["body", 1, "wind"], "missing"),
    ({}, ["body", 0, "wind"], "missing"),
    ([{**ROW, "wnid": 1.0}], ["body", 0, "wnid"], "unknown"),
    ([], ["body"], "empty"),
    ([ROW, 5], ["body", 1], "object"),
    ([[ROW]], ["body", 0], "object"),
    ("text", ["body"], "list"),
    (None, ["body"], "list"),
    (17, ["body"], "list"),
)


@pytest.mark.parametrize(("body", "loc", "type_"), WRONG)
def test_wrong_rows(server: Server, body: Any, loc: list[str | int], type_: str) -> None:
    """The row and the field are named."""
    assert_refused(server.post(body), 422, loc, type_)


BYTES: tuple[tuple[bytes, str, int, str], ...] = (
    (b"", "application/json", 422, "json"),
    (b"{", "application/json", 422, "json"),
    (json.dumps([{**ROW, "wind": float("nan")}]).encode(), "application/json", 422, "json"),
    (b'[{"wind": Infinity}]', "application/json", 422, "json"),
    (b'[{"wind": 1e999}]', "application/json", 422, "json"),
    (b'{"wind": "\xff\xfe"}', "application/json", 422, "json"),
    (b'{"wind": "\\ud800"}', "application/json", 422, "json"),
    (b"[" * 100_000 + b"]" * 100_000, "application/json", 422, "json"),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json", 422, "json"),
    (b"\xef\xbb\xbf[]", "application/json", 422, "json"),
    (b"\n \n", LINES, 422, "empty"),
    (json.dumps(ROW).encode() + b"\n{", LINES, 422, "json"),
    (b"PAR1 and no table PAR1", PARQUET, 422, "parquet"),
    (b"", PARQUET, 422, "parquet"),
    (b"[]", "text/csv", 415, "content_type"),
    (b"[]", "application/json; charset=latin-1", 415, "content_type"),
    (b"a=1", "application/x-www-form-urlencoded", 415, "content_type"),
)


@pytest.mark.parametrize(("content", "type_", "status", "kind"), BYTES)
def test_wrong_bytes(server: Server, content: bytes, type_: str, status: int, kind: str) -> None:
    """What is no JSON, or is of another type, is told as that."""
    response = server.send(content, type_)
    assert response.status_code == status, response.text
    assert response.json()["detail"][0]["type"] == kind
    assert_tells_nothing(response)


def test_line_is_named(server: Server) -> None:
    """Of records by line, the one that cannot be read is named."""
    response = server.send(json.dumps(ROW).encode() + b"\n{nothing", LINES)
    assert response.json()["detail"][0]["loc"] == ["body", 1]


@pytest.mark.parametrize("name", ["wind", "w\\u0069nd"])
def test_field_named_twice(server: Server, name: str) -> None:
    """Of two values for a field, none is taken, however its name is written."""
    text = json.dumps(ROW)[:-1] + f', "{name}": 3}}'
    assert_refused(server.send(text.encode()), 422, ["body", "wind"], "duplicate")


def test_colons_in_texts_are_fine(server: Server) -> None:
    """A text with colons names no field."""
    assert server.post({**ROW, "carrier": "a:b::c"}).status_code == 200


def test_first_fault_of_each_field(server: Server) -> None:
    """Faults of all fields are told at once, and no more of them than can be read."""
    details = server.post([{**ROW, "wind": 99, "hour": "x"}] * 1000).json()["detail"]
    assert {detail["loc"][-1] for detail in details} == {"wind", "hour"}
    answer = server.post([without("wind")] * 1000).json()
    assert len(answer["detail"]) == 100
    assert answer["more"] == 900


def test_millions_of_faults_are_counted_and_not_kept() -> None:
    rows = [dict.fromkeys(map(str, range(1000)))] * 1000
    with pytest.raises(RefusedError) as error:
        columns_of(rows, ["wind"], [])
    assert (len(error.value.refusing.details), error.value.refusing.more) == (100, 1_000_900)


def test_wrong_tables(server: Server) -> None:
    """The columns of a table are checked before its rows are read."""
    rows: dict[str, Any] = {name: [value] for name, value in ROW.items()}
    for changed, loc, kind in (
        ({**rows, "other": [1]}, ["body", 0, "other"], "unknown"),
        ({name: rows[name] for name in ("wind", "hour")}, ["body", 0, "holiday"], "missing"),
        ({**rows, "wind": [[1.0, 2.0]]}, ["body", 0, "wind"], "type"),
        ({**rows, "wind": [float("inf")]}, ["body", 0, "wind"], "finite"),
        ({name: [] for name in rows}, ["body"], "empty"),
    ):
        file = io.BytesIO()
        pq.write_table(pa.table(changed), file)
        assert_refused(server.send(file.getvalue(), PARQUET), 422, loc, kind)


def test_long_texts_that_a_table_has_once(server: Server) -> None:
    """A few bytes that are gigabytes, as each row means the same text, are not unpacked."""
    rows: dict[str, Any] = {name: [value] * 20_000 for name, value in ROW.items()}
    same = pa.array([0] * 20_000, pa.int32())
    rows["carrier"] = pa.DictionaryArray.from_arrays(same, ["x" * 1_000_000])
    file = io.BytesIO()
    pq.write_table(pa.table(rows), file, compression="zstd")
    assert len(file.getvalue()) < 20_000
    assert_refused(server.send(file.getvalue(), PARQUET), 413, ["body"], "too_large")


def test_damaged_tables(server: Server) -> None:
    """A table that is cut off or changed anywhere is refused, or read as it is; never a failure."""
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([ROW] * 500), file)
    whole = file.getvalue()
    for place in range(4, len(whole), max(1, len(whole) // 40)):
        changed = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        for content in (whole[:place], changed):
            assert server.send(content, PARQUET).status_code in (200, 413, 422)
    assert server.get("/ping").status_code == 200


def test_wrong_ways(server: Server) -> None:
    """Another method, path or encoding is told in the same shape."""
    response = httpx.get(f"{server.url}/predict")
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]
    assert response.json()["request_id"] == response.headers["x-request-id"]
    missing = server.get("/nothing/../here")
    assert missing.status_code == 404
    assert_tells_nothing(missing)
    packed = server.post([ROW], headers={"content-encoding": "gzip"})
    assert packed.status_code == 415


def assert_refused(response: httpx.Response, status: int, loc: list[str | int], type_: str) -> None:
    """See that a refusal has a detail of this place and type, and tells nothing else."""
    assert response.status_code == status, response.text
    assert (loc, type_) in [(d["loc"], d["type"]) for d in response.json()["detail"]]
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert_tells_nothing(response)


def assert_tells_nothing(response: httpx.Response) -> None:
    """See that an answer holds no path and no line of a program."""
    for word in ("Traceback", ".py", "/root", "site-packages", "/tmp", "/work", "Error("):
        assert word not in response.text
    assert "server" not in response.headers
