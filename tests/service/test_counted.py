"""Bodies of very many tiny rows are refused before they are parsed."""

from __future__ import annotations

import tracemalloc

import orjson
import pytest

from analysis.service.limits import Limits
from analysis.service.reading.records import read_records
from analysis.service.refusing import RefusedError


@pytest.mark.parametrize("row", [b"[]", b"{}", b"[[]]", b'{"":"["}'])
def test_a_body_of_tiny_rows_is_refused_before_it_is_parsed(row: bytes) -> None:
    body = b"[" + b",".join([row] * 1_000_000) + b"]"
    tracemalloc.start()
    try:
        with pytest.raises(RefusedError) as caught:
            read_records(body, "json", Limits())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.refusing.status == 413
    assert peak < 2 * len(body)


def test_brackets_in_texts_are_no_rows() -> None:
    rows = [{"a": '{[\\"{[' * 20, "b": "[{" * 9}] * 5
    assert read_records(orjson.dumps(rows), "json", Limits(rows=5)) == rows


def test_a_text_that_does_not_end_is_read_once() -> None:
    body = b"[" * 9 + b'"' + b'[\\"' * 1_000_000 + b"\\"
    with pytest.raises(RefusedError) as caught:
        read_records(body, "json", Limits())
    assert caught.value.refusing.status == 422
