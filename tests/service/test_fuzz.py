"""Whatever is sent, the server does not fail."""

from __future__ import annotations

from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.serving import ROW, Server

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
ROWS = st.fixed_dictionaries(
    {}, optional={**{name: SCALARS | st.just(value) for name, value in ROW.items()}, "id": SCALARS}
)
GOOD = st.fixed_dictionaries(
    {
        "wind": st.none() | st.floats(0, 60) | st.integers(0, 60),
        "hour": st.none() | st.integers(0, 23),
        "holiday": st.none() | st.booleans(),
        "carrier": st.none() | st.text(),
    }
)
QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def status_of(response: httpx.Response) -> int:
    """Give the status of an answer, which is JSON in any case."""
    told = response.json()
    assert ("predict" in told) == (response.status_code == 200)
    return response.status_code


def written(value: Any) -> bytes:
    """Write a value as JSON, with what is no Unicode as the sender's own mistake."""
    import json

    return json.dumps(value).encode()


@QUICK
@given(VALUES | st.lists(ROWS, max_size=4) | ROWS)
def test_any_json(server: Server, value: Any) -> None:
    """Any JSON is predicted or refused."""
    assert status_of(server.send(written(value))) in (200, 422)


@QUICK
@given(st.lists(GOOD, min_size=1, max_size=5))
def test_good_rows(server: Server, rows: Any) -> None:
    """Rows as the schema says are always predicted, with a number for each."""
    response = server.send(written(rows))
    assert status_of(response) == 200, response.text
    assert all(0 <= chance <= 1 for chance in response.json()["probability"])
    assert len(response.json()["predict"]) == len(rows)


@QUICK
@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["application/json", "application/x-ndjson", "application/vnd.apache.parquet", ""]
    ),
)
def test_any_bytes(server: Server, content: bytes, type_: str) -> None:
    """Any bytes are refused."""
    assert status_of(server.send(content, type_)) == 422
