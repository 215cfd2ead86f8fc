"""What a model takes of values, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models.bundle.record import Field
from analysis.models.predicting.checks import check_columns, wrong
from tests.helpers.bundle_pipelines import FIELDS

WIND, HOUR, HOLIDAY, CARRIER = FIELDS
STRICT = tuple(replace(field, nullable=False, unseen=False) for field in FIELDS)
ROW: dict[str, Any] = {"wind": 12.5, "hour": 8, "holiday": True, "carrier": "AA"}


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("wind", None, "is null, which the model does not take"),
        ("wind", "12.5", "is no number, but a text"),
        ("wind", True, "is no number, but a boolean"),
        ("wind", [1.0], "is no number, but a list"),
        ("wind", {"a": 1}, "is no number, but an object"),
        ("wind", float("nan"), "is NaN, which is no value"),
        ("wind", float("inf"), "is infinite"),
        ("wind", -float("inf"), "is infinite"),
        ("wind", 10**400, "is a number that is too large"),
        ("wind", 60.5, "is not from 0 to 60, as all were that it was trained on: `60.5`"),
        ("wind", -1, "is not from 0 to 60, as all were that it was trained on: `-1`"),
        ("hour", 3.5, "is no whole number: `3.5`"),
        ("hour", False, "is no number, but a boolean"),
        ("holiday", 1, "is no boolean, but a number"),
        ("holiday", "true", "is no boolean, but a text"),
        ("carrier", "ZZ", "is none of the categories that the model knows: `ZZ`"),
        ("carrier", 3, "is no text, but a number"),
        ("carrier", ["AA"], "is no text, but a list"),
    ],
)
def test_what_a_model_does_not_take_is_told_with_field_and_row(
    field: str, value: Any, what: str
) -> None:
    columns = {name: [good, good] for name, good in ROW.items()}
    columns[field][1] = value
    [fault] = check_columns(STRICT, columns)
    assert (fault.field, fault.row, fault.what) == (field, 1, what)
    assert str(fault) == f"`{field}` in row 2 {what}"


def test_a_text_is_no_longer_than_a_line_of_the_log_may_be() -> None:
    carrier = replace(FIELDS[-1], unseen=True)
    assert not check_columns([carrier], {"carrier": ["x" * 65_536, None]})
    [fault] = check_columns([carrier], {"carrier": ["new", "x" * 65_537]})
    assert (fault.row, fault.what) == (1, "is a text of more than 65,536 characters")


def test_what_a_model_takes_has_no_faults() -> None:
    columns: dict[str, list[Any]] = {
        "wind": [0, 60.0, None, 12],
        "hour": [3.0, 4, None, 0],
        "holiday": [True, False, None, True],
        "carrier": ["AA", "unheard of", None, "UA"],
    }
    assert check_columns(FIELDS, columns) == ()
    assert check_columns(FIELDS, {name: [] for name in ROW}) == ()


def test_values_out_of_range_can_be_allowed_but_no_others() -> None:
    columns = {name: [good] for name, good in ROW.items()} | {"wind": [1e9], "hour": [-4]}
    assert [fault.field for fault in check_columns(FIELDS, columns)] == ["wind", "hour"]
    assert check_columns(FIELDS, columns, "allow") == ()
    bad = columns | {"wind": [float("nan")], "hour": [0.5]}
    assert [fault.field for fault in check_columns(FIELDS, bad, "allow")] == ["wind", "hour"]


def test_a_null_hides_no_nan() -> None:
    columns = {name: [good] * 3 for name, good in ROW.items()}
    columns["wind"] = [None, float("nan"), 1.0]
    [fault] = check_columns(FIELDS, columns)
    assert (fault.row, fault.what) == (1, "is NaN, which is no value; write null")


def test_missing_and_unknown_columns_are_told() -> None:
    columns = {name: [good] for name, good in ROW.items() if name != "hour"} | {"wnid": [1]}
    assert [str(fault) for fault in check_columns(FIELDS, columns)] == [
        "`wnid` is no field of the model",
        "`hour` is missing",
    ]


def test_a_value_that_tells_of_a_person_is_not_repeated() -> None:
    for field, value in ((WIND, 70.0), (HOUR, 3.5), (replace(CARRIER, unseen=False), "Ann")):
        what = wrong(replace(field, personal=True), value)
        assert what is not None
        assert str(value) not in what


def test_a_long_text_is_cut() -> None:
    what = wrong(replace(CARRIER, unseen=False), "x" * 10_000)
    assert what is not None
    assert len(what) < 150


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-100, 100),
    st.integers(),
    st.floats(),
    st.floats(0, 60),
    st.sampled_from([*CARRIER.categories, "ZZ", ""]),
    st.lists(st.integers(), max_size=1),
)


@given(st.sampled_from([*FIELDS, *STRICT]), st.lists(anything, max_size=4), st.booleans())
def test_columns_are_judged_as_their_values_are(
    field: Field, values: list[Any], allowed: bool
) -> None:
    way = "allow" if allowed else "refuse"
    told = [(row, what) for row, v in enumerate(values) if (what := wrong(field, v, way))]
    found = check_columns([field], {field.name: values}, way)
    assert [(fault.row, fault.what) for fault in found] == told[:1]
