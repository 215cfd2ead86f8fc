"""Golden cases beside answers."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.models.bundle.record import Bundle, Check, GoldenCase, Output
from analysis.models.validating.comparing import compare
from analysis.models.validating.subject import Answers
from tests.helpers.bundles import bundle_of

BINARY = bundle_of("binary")
BIRDS = bundle_of("multiclass")
DELAY = replace(bundle_of("regression"), outputs=(Output("prediction"),))
TOLERANCE = 1e-9


def case(**outputs: Any) -> GoldenCase:
    return GoldenCase("ordinary", {}, outputs)


def checked(bundle: Bundle, expected: dict[str, Any], answer: Any, **told: Any) -> Check:
    answers = Answers("1", [answer], **told)
    return compare("api", bundle, [case(**expected)], answers, TOLERANCE)


def test_the_same_passes() -> None:
    outputs = {"prediction": True, "probability": 0.75}
    check = checked(BINARY, outputs, outputs)
    assert check == Check("api", "1", 1, 0.0, 0)
    assert check.passes(TOLERANCE)


@given(st.floats(0, 1), st.floats(-1e-8, 1e-8))
def test_probabilities_may_differ_by_the_tolerance(chance: float, off: float) -> None:
    expected = {"prediction": True, "probability": chance}
    check = checked(BINARY, expected, {**expected, "probability": chance + off})
    assert check.largest == abs(chance + off - chance)
    assert check.passes(TOLERANCE) == (abs(chance + off - chance) <= TOLERANCE)


@given(st.floats(-1e12, 1e12), st.floats(-2e-9, 2e-9))
def test_numbers_above_one_may_differ_by_a_part_of_their_size(value: float, part: float) -> None:
    found = value * (1 + part)
    check = checked(DELAY, {"prediction": value}, {"prediction": found})
    assert check.largest == abs(found - value) / max(1.0, abs(value))
    assert check.labels == 0


@pytest.mark.parametrize("missing", [None, "0.5", True, math.nan, math.inf])
def test_a_number_that_is_none_is_wrong_whatever_the_others_are(missing: Any) -> None:
    expected = {"prediction": True, "probability": 0.5}
    check = checked(BINARY, expected, {"prediction": True, "probability": missing})
    assert (check.largest, check.wrong) == (None, "a number is missing in 1 answer")
    assert not check.passes(TOLERANCE)
    assert checked(BINARY, expected, {"prediction": True}).wrong == check.wrong


@pytest.mark.parametrize("label", [False, 1, "true", None])
def test_a_label_is_the_same_only_in_its_type(label: Any) -> None:
    check = checked(
        BINARY,
        {"prediction": True, "probability": 0.75},
        {"prediction": label, "probability": 0.75},
    )
    assert (check.labels, check.ties, check.largest) == (1, 0, 0.0)
    assert not check.passes(TOLERANCE)


@pytest.mark.parametrize(
    ("chance", "is_tied"), [(0.5, True), (0.5 + 4e-10, True), (0.5 + 1e-9, False)]
)
def test_of_two_equally_probable_classes_any_may_be_given(chance: float, is_tied: bool) -> None:
    expected = {"prediction": True, "probability": chance}
    check = checked(BINARY, expected, {"prediction": False, "probability": chance})
    assert (check.ties, check.labels) == ((1, 0) if is_tied else (0, 1))
    assert check.passes(TOLERANCE) == is_tied
    # Its probabilities have to be right like those of all others.
    off = checked(BINARY, expected, {"prediction": False, "probability": chance - 1e-8})
    assert not off.passes(TOLERANCE)


def test_a_class_that_does_not_tie_may_not_be_given() -> None:
    chances = {"probability_Adelie": 0.4, "probability_Chinstrap": 0.4, "probability_Gentoo": 0.2}
    expected = {"prediction": "Adelie", **chances}
    assert checked(BIRDS, expected, {"prediction": "Chinstrap", **chances}).ties == 1
    assert checked(BIRDS, expected, {"prediction": "Gentoo", **chances}).labels == 1
    assert checked(BIRDS, expected, {"prediction": "Emu", **chances}).labels == 1


def test_a_classifier_without_probabilities_has_no_ties() -> None:
    bundle = replace(BIRDS, outputs=(Output("prediction"),))
    check = checked(bundle, {"prediction": "Adelie"}, {"prediction": "Gentoo"})
    assert (check.labels, check.ties) == (1, 0)


def test_what_was_refused_is_counted_apart() -> None:
    outputs = {"prediction": True, "probability": 0.75}
    check = compare("api", BINARY, [case(**outputs)] * 2, Answers("", [None, outputs]), TOLERANCE)
    assert (check.cases, check.refused) == (1, 1)
    assert check.passes(TOLERANCE)
    assert not compare("api", BINARY, [case(**outputs)], Answers("", [None]), TOLERANCE).passes(1)


def test_another_model_is_wrong_even_if_it_predicts_the_same() -> None:
    outputs = {"prediction": True, "probability": 0.75}
    check = checked(BINARY, outputs, outputs, wrong="another model")
    assert (check.largest, check.wrong) == (0.0, "another model")
    assert not check.passes(TOLERANCE)
