"""What pages on models in production say, from numbers that are given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analysis.monitoring.stored.record import Measurement
from analysis.report.monitoring.advice import advice
from analysis.report.monitoring.calibration import is_off, sentence
from analysis.report.monitoring.challengers import comparisons
from analysis.report.monitoring.drawing import small_chart, sparkline
from analysis.report.monitoring.drift import ranked, times_floor
from analysis.report.monitoring.glance import matters
from analysis.report.monitoring.headlines import headlines
from analysis.report.monitoring.judging import Verdict, verdict, worse_in
from analysis.report.monitoring.ledger import entries
from analysis.report.monitoring.segments import ranked as ranked_parts
from analysis.report.monitoring.told import Counted, ToldAlert, ToldMonitor
from analysis.report.monitoring.words import coverage_said, written
from tests.helpers.monitored_models import (
    FAST,
    MONTHS,
    SLOW,
    alert,
    around,
    compared,
    labelled,
    number,
)


def told(numbers: list[Measurement], **changed: Any) -> ToldMonitor:
    """Give a model of which such numbers are told."""
    plain: dict[str, Any] = {
        "title": None, "task": "binary", "period": "month", "time": None, "begin": None,
        "finish": None, "rows": 0, "labelled": 0, "counted": Counted(0, 0, 0, 0, 0),
        "status": None, "reason": None, "notes": (), "alerts": (), "versions": {},
    }  # fmt: skip
    return ToldMonitor(model="late", numbers=tuple(numbers), **plain | changed)


def of_alert(rule: str, metric: str, **changed: Any) -> ToldAlert:
    row = {k: v for k, v in alert(rule, metric, **changed).items() if k != "model"}
    return ToldAlert(**row)


@pytest.mark.parametrize(
    ("metric", "value", "reference", "expected"),
    [
        ("auc", 0.6, 0.7, Verdict.WORSE),
        ("auc", 0.8, 0.7, Verdict.BETTER),
        ("auc", 0.69, 0.7, Verdict.SAME),
        ("brier", 0.3, 0.2, Verdict.WORSE),
        ("brier", 0.1, 0.2, Verdict.BETTER),
        ("observed_expected", 0.6, 1.0, Verdict.WORSE),
        ("observed_expected", 1.4, 1.0, Verdict.WORSE),
        ("observed_expected", 1.0, 1.3, Verdict.BETTER),
        ("bias", -2.0, 0.1, Verdict.WORSE),
        ("base_rate", 0.4, 0.2, Verdict.OTHER),
        ("auc", 0.6, None, Verdict.UNKNOWN),
    ],
)
def test_only_what_an_interval_leaves_out_is_better_or_worse(
    metric: str, value: float, reference: float | None, expected: Verdict
) -> None:
    shown = number(FAST, metric, value, **around(value, 0.05, reference=reference))
    assert verdict(shown) is expected


def test_without_an_interval_nothing_is_said_to_be_different() -> None:
    assert verdict(number(FAST, "auc", 0.1, reference=0.9)) is Verdict.UNKNOWN
    assert verdict(None) is Verdict.UNKNOWN


def test_a_ratio_without_a_reference_is_compared_with_one() -> None:
    shown = number(FAST, "observed_expected", 1.4, **around(1.4, 0.1))
    assert verdict(shown) is Verdict.WORSE


def test_numbers_of_all_versions_are_told_and_else_those_of_the_version_with_most_rows() -> None:
    whole = number(FAST, "auc", 0.7)
    one = number(FAST, "auc", 0.1, version="1", rows=5000)
    psi = [number(FAST, "psi", v, of="wind", version=str(v), rows=r) for v, r in ((1, 10), (2, 90))]
    known = told([one, whole, *psi])
    assert known.latest("auc") == whole
    assert [n.value for n in known.series("psi", "wind")] == [2]


def test_periods_are_in_order_of_time_whatever_their_names() -> None:
    late, early = number("2024-10", "rows", 1), number("2024-09", "rows", 1)
    known = told([replace(late, period="Q4"), replace(early, period="Q5")])
    assert known.periods == ("Q5", "Q4")


def test_fields_come_by_consequence_the_score_first() -> None:
    assert ranked(told(labelled())) == ("@score", "hour", "wind")


def test_a_floor_of_nothing_gives_no_multiple() -> None:
    assert times_floor(number(FAST, "psi", 0.3, floor=0.0)) is None
    assert times_floor(number(FAST, "psi", 0.3, floor=0.1)) == pytest.approx(3)


def test_drift_matters_if_the_model_was_worse_in_the_same_period() -> None:
    known, inputs = told(labelled()), of_alert("inputs", "psi", of="wind")
    assert "Observed / expected was worse" in matters(known, inputs)
    quiet = replace(inputs, period="2024-05", last_period="2024-05")
    assert "no consequence" in matters(known, quiet)
    assert "cannot be told yet" in matters(told([]), inputs)


def test_what_was_worse_is_unknown_without_labels() -> None:
    assert worse_in(told([number(FAST, "rows", 5)]), FAST) is None
    found = worse_in(told(labelled()), SLOW)
    assert found is not None
    assert [n.metric for n in found] == ["observed_expected"]


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("observed_expected", 0.97, False),
        ("observed_expected", 0.9, True),
        ("observed_expected", 1.1, True),
        ("bias", 0.04, False),
        ("bias", -0.1, True),
    ],
)
def test_calibration_is_off_from_what_is_right_and_not_from_training(
    metric: str, value: float, expected: bool
) -> None:
    for reference in (None, 0.9, 1.1, value):
        shown = number(FAST, metric, value, **around(value, 0.05, reference=reference))
        assert is_off(shown) is expected
    assert is_off(number(FAST, metric, 5.0)) is False


def test_calibration_names_the_last_periods_and_counts_the_others() -> None:
    off = [number(m, "observed_expected", 1.2 + i / 10) for i, m in enumerate(MONTHS[:8])]
    said = sentence("more", off)
    assert said.startswith("In 2 earlier periods and in 2024-03, 2024-04")
    assert said.endswith("in 2024-08 1.90 times what was predicted came true.")
    assert sentence("less", []) == ""


def test_the_level_of_a_regression_is_its_mean_error() -> None:
    said = sentence("more", [number(FAST, "bias", -2.5)])
    assert (
        said
        == "In 2024-12 predictions were too low by 2.500 on average, more than chance explains."
    )


def test_an_estimate_holds_if_what_came_true_is_in_its_interval() -> None:
    estimated = number(FAST, "estimated_auc", 0.7, **around(0.7, 0.02))
    later = number("2024-11", "estimated_auc", 0.7, **around(0.7, 0.02))
    held, unknown = entries(told([estimated, number(FAST, "auc", 0.75), later]), "auc")[::-1]
    assert held.inside is False
    assert unknown.inside is None


def test_parts_that_stand_out_come_first_and_few_labels_are_left_out() -> None:
    whole = number(FAST, "observed_expected", 1.0)
    said = {"note": "stands out from all rows"}
    of = {"of": "segment:carrier"}
    parts = [
        number(FAST, "observed_expected", 1.9, part="far", **of, **around(1.9, 0.1)),
        number(FAST, "observed_expected", 1.2, part="out", **of, **around(1.2, 0.1), **said),
        number(
            FAST,
            "observed_expected",
            9.0,
            part="few",
            **of,
            **around(9.0, 1.0),
            note="less than 100 labels",
        ),
    ]
    found = ranked_parts(told([whole, *parts]), parts)
    assert [part.shown.part for part in found] == ["out", "far"]


def test_a_challenger_is_better_by_a_metric_only_where_its_interval_says_so() -> None:
    found = comparisons(told([*labelled(), *compared()]))
    verdicts = {one.difference.of: one.verdict for one in found}
    assert verdicts == {"auc": Verdict.BETTER, "brier": Verdict.SAME}
    assert next(one for one in found if one.difference.of == "brier").needed == 5000


def test_a_lower_loss_of_the_challenger_is_better() -> None:
    of = {"of": "log_loss", "version": "2"}
    [one] = comparisons(told([number(FAST, "ab_difference", -0.2, **of, **around(-0.2, 0.1))]))
    assert one.verdict is Verdict.BETTER


def test_headlines_are_measured_else_estimated_else_drift() -> None:
    names = [series[0].metric for series in headlines(told(labelled()))]
    assert names == ["auc", "observed_expected"]
    alone = [number(FAST, "estimated_auc", 0.7), number(FAST, "psi", 0.1, of="@score")]
    assert [s[0].metric for s in headlines(told(alone))] == ["estimated_auc"]
    assert [s[0].metric for s in headlines(told(alone[1:]))] == ["psi"]
    assert headlines(told([])) == ()


def test_small_charts_are_drawn_of_one_period_and_of_none() -> None:
    assert small_chart([], None, ()) == ""
    assert sparkline([number(FAST, "auc", None)]) == ""
    drawn = small_chart([number(FAST, "psi", 0.3, of="wind")], 0.3, [FAST])
    assert "PSI: 0.300 in 2024-12" in drawn
    assert "nan" not in drawn


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("coverage", 0.8312, "83.1%"),
        ("nulls", 0.00042, "0.042%"),
        ("observed_expected", 0.6249, "0.62"),
        ("rows", 120000, "120,000"),
        ("latency_p95", 12.4, "12\N{NO-BREAK SPACE}ms"),
        ("mae", 1234.5, "1,234"),
        ("bias", -2.5, "\N{MINUS SIGN}2.500"),
        ("consequence", 0.00042, "0.00042"),
        ("auc", None, "\N{EN DASH}"),
        ("wasserstein", float("inf"), "\N{EN DASH}"),
    ],
)
def test_numbers_are_written_as_people_read_them(
    metric: str, value: float | None, expected: str
) -> None:
    assert written(metric, value) == expected


def test_coverage_is_not_rounded_to_all_or_nothing() -> None:
    assert coverage_said(number(FAST, "auc", 0.7, rows=1000, labelled=999)) == "labels cover 99.9%"
    assert coverage_said(number(FAST, "auc", 0.7, rows=0)) == "no labels yet"


def test_there_is_advice_on_every_metric_that_a_rule_may_watch() -> None:
    from analysis.monitoring.declared.metrics import METRICS

    for metric in METRICS:
        said = advice(metric)
        assert said.meaning.endswith(".")
        assert said.to_do.endswith(".")
    assert "estimate" in advice("estimated_auc").meaning
