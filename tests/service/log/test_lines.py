"""Lines of the log: what is in them, and what must not be."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.service.log.lines import lines_of
from analysis.service.logged import LogEntry, Refusal
from tests.service.log.entries import entry

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
)
_NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def read(logged: LogEntry) -> list[dict[str, Any]]:
    """Read lines as any program does."""
    text = lines_of(logged)
    assert text.endswith(b"\n")
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_a_row() -> None:
    """With all that is told of the request."""
    first, second = read(entry("r1", rows=2))
    assert first == {
        "time": "2026-05-01T10:00:00.000001+00:00",
        "request": "r1",
        "model": "late-flights",
        "version": "v1",
        "arm": "champion",
        "shadow": False,
        "row": 0,
        "key": {"id": 0},
        "inputs": {"wind": 0.5, "carrier": "UA"},
        "outputs": {"prediction": True, "probability": 0.25},
        "latency_ms": 1.5,
    }
    assert (second["row"], second["key"]) == (1, {"id": 1})


@given(st.dictionaries(_NAMES, st.lists(_VALUES, min_size=3, max_size=3), min_size=1))
def test_any_values_come_back(inputs: dict[str, list[Any]]) -> None:
    """Also texts with line ends, quotes, commas and signs of templates, in names as well."""
    found = read(entry("r", rows=3, inputs=inputs))
    assert [row["inputs"] for row in found] == [
        {name: values[place] for name, values in inputs.items()} for place in range(3)
    ]


def test_what_is_no_json() -> None:
    """NaN and infinity are missing; a date is a text."""
    import datetime

    found = read(
        entry("r", rows=2, keys={"day": [datetime.date(2026, 5, 1), None]}, inputs={
            "wind": [math.nan, math.inf]
        })
    )  # fmt: skip
    assert [row["inputs"] for row in found] == [{"wind": None}] * 2
    assert [row["key"] for row in found] == [{"day": "2026-05-01"}, {"day": None}]


def test_refused_request() -> None:
    """What was wrong, and no values."""
    (found,) = read(
        entry("r", rows=0, keys={}, inputs={}, outputs={}, refusal=Refusal(422, "missing", "wind"))
    )
    assert found["error"] == {"status": 422, "type": "missing", "field": "wind"}
    assert found["row"] is None and not {"inputs", "outputs", "key"} & found.keys()
