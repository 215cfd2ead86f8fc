"""When an alert opens, goes on and is over: decided from rules and numbers alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitoring.alerts.evaluating import evaluate
from analysis.monitoring.alerts.record import Alert
from tests.helpers.alerting import at, monitor, month, months, rule

GOOD, BAD = 1.0, 1.5


def alerts_of(values: list[float | None], **changed: object) -> tuple[Alert, ...]:
    """Evaluate a rule, otherwise in what is ``changed``, on months with these values."""
    return evaluate(monitor(rule(**changed)), months(values), (), at(1)).alerts


def spans(alerts: tuple[Alert, ...]) -> list[tuple[str, str, str]]:
    """Give the periods and the state of alerts."""
    return [(one.period[-2:], one.last_period[-2:], one.state) for one in alerts]


def test_an_alert_says_all_that_there_is_to_know() -> None:
    """What happened, where, whom it concerns and why."""
    (alert,) = alerts_of([GOOD, BAD])
    assert (alert.model, alert.rule, alert.metric) == (
        "late-flights",
        "calibration",
        "observed_expected",
    )
    assert (alert.severity, alert.who, alert.because) == ("act", "data team", "promises break")
    assert (alert.value, alert.limit, alert.opened) == (1.5, 1.25, "2014-01-01T12:00:00Z")
    assert alert.what == "Observed over expected was 1.5 in 2013-02, above 1.25"
    assert len(alert.alert) == 6


def test_one_event_is_one_alert() -> None:
    """It lasts as long as periods are beyond the limit; a later one is another."""
    alerts = alerts_of([BAD, BAD, GOOD, GOOD, BAD, BAD, BAD])
    assert spans(alerts) == [("01", "02", "closed"), ("05", "07", "open")]
    assert len({one.alert for one in alerts}) == 2


def test_a_limit_is_not_beyond_itself() -> None:
    """Only what is above or below fires; both sides do."""
    assert alerts_of([0.8, 1.25]) == ()
    assert [one.limit for one in alerts_of([0.79, GOOD, 1.26])] == [0.8, 1.25]


def test_an_alert_is_followed_from_check_to_check() -> None:
    """The same id and moment of opening; value and last period move; then it is closed once."""
    watched = monitor(rule())
    first = evaluate(watched, months([GOOD, BAD]), None, at(1)).alerts
    second = evaluate(watched, months([GOOD, BAD, 1.7]), first, at(2)).alerts
    third = evaluate(watched, months([GOOD, BAD, 1.7, GOOD]), second, at(3)).alerts
    fourth = evaluate(watched, months([GOOD, BAD, 1.7, GOOD, GOOD]), third, at(4)).alerts
    fifth = evaluate(watched, months([GOOD, BAD, 1.7, GOOD, GOOD, 0.5]), fourth, at(5)).alerts
    assert {one[0].alert for one in (first, second, third, fourth, fifth)} == {first[0].alert}
    assert (second[0].value, second[0].last_period, second[0].state) == (1.7, "2013-03", "open")
    assert (third[0].state, third[0].closed) == ("closed", "2014-01-03T12:00:00Z")
    assert fourth == third
    assert fifth[0] == third[0]
    assert (fifth[1].state, fifth[1].opened) == ("open", "2014-01-05T12:00:00Z")


def test_nothing_changes_without_news() -> None:
    """The same numbers give the same alerts, whenever one looks."""
    values = months([BAD, GOOD, BAD])
    first = evaluate(monitor(), values, None, at(1)).alerts
    assert evaluate(monitor(), values, first, at(9)).alerts == first


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([BAD, GOOD, GOOD, GOOD], []),
        ([BAD, GOOD, BAD], [("03", "03", "open")]),
        ([BAD, BAD, GOOD], [("02", "02", "open")]),
        ([BAD, BAD, GOOD, GOOD], [("02", "02", "closed")]),
        ([BAD, GOOD, BAD, BAD, GOOD, GOOD, GOOD], [("03", "04", "closed")]),
    ],
)
def test_patience(values: list[float | None], expected: list[tuple[str, str, str]]) -> None:
    """With 2 of 3, one bad month is none, and one good month between bad ones ends nothing."""
    assert spans(alerts_of(values, k=2, n=3)) == expected


def test_a_period_without_enough_rows_neither_opens_nor_ends_anything() -> None:
    """It does not count, and is told with the reason."""
    few = [month(1, BAD, labelled=99), month(2, BAD), month(3, GOOD, labelled=5), month(4, None)]
    done = evaluate(monitor(), few, None, at(1))
    assert spans(done.alerts) == [("02", "02", "open")]
    (judged,) = done.judged
    assert judged.alert == done.alerts[0].alert
    assert [point.missing for point in judged.series.points] == [
        "99 rows with a label, and 100 are needed",
        None,
        "5 rows with a label, and 100 are needed",
        "there is no value",
    ]


def test_few_rows_are_what_a_rule_on_rows_is_about() -> None:
    """There, no number of rows is too small to count."""
    low = rule(name="volume", metric="rows", below=50.0, above=None)
    found = evaluate(monitor(low), [month(1, 3.0, metric="rows", rows=3)], None, at(1))
    assert spans(found.alerts) == [("01", "01", "open")]


def test_limits_as_shares_of_the_reference_and_of_the_floor() -> None:
    """Both are those of the period; without one it does not count."""
    relative = rule(against="reference", below=None)
    found = evaluate(
        monitor(relative),
        [month(1, BAD, reference=2.0), month(2, BAD, reference=1.0), month(3, BAD, reference=None)],
        None,
        at(1),
    )
    assert [(one.period, one.limit) for one in found.alerts] == [("2013-02", 1.25)]
    assert found.alerts[0].what.endswith("above 1.25, 1.25 times the reference")
    missing = found.judged[0].series.points[2].missing
    assert missing == "there is no positive reference to compare with"
    drift = rule(metric="psi", of="wind", below=None, above=2.0, against="floor")
    found = evaluate(
        monitor(drift),
        [
            month(1, 0.3, metric="psi", of="wind", floor=0.2),
            month(2, 0.5, metric="psi", of="wind", floor=0.2),
        ],
        None,
        at(1),
    )
    assert [(one.period, one.limit) for one in found.alerts] == [("2013-02", 0.4)]
    assert "2 times what chance gives" in found.alerts[0].what


def test_each_field_has_its_alert() -> None:
    """`of: "*"` looks at each field and the score, and at nothing of other metrics."""
    each = rule(metric="psi", of="*", below=None, above=1.0)
    found = [
        month(1, value, metric=metric, of=of)
        for metric, of, value in [
            ("psi", "wind", 2.0),
            ("psi", "hour", 0.1),
            ("psi", "@score", 3.0),
            ("linf", "wind", 2.0),
            ("observed_expected", "", 2.0),
        ]
    ]
    alerts = evaluate(monitor(each), found, None, at(1)).alerts
    assert {one.of for one in alerts} == {"wind", "@score"}


def test_each_part_of_a_segment_has_its_alert() -> None:
    """One part may be over while another goes on."""
    split = rule(of="segment:carrier")
    found = [
        month(number, value, of="segment:carrier", part=part)
        for part, values in {"EV": (BAD, BAD), "UA": (BAD, GOOD), "AA": (GOOD, GOOD)}.items()
        for number, value in enumerate(values, start=1)
    ]
    alerts = evaluate(monitor(split), found, None, at(1)).alerts
    assert sorted((one.part, one.state) for one in alerts) == [("EV", "open"), ("UA", "closed")]
    assert any("of carrier EV" in one.what for one in alerts)


def test_all_versions_together_come_before_each() -> None:
    """Where a number is of all versions, those of each raise no alarm of their own."""
    both = [month(1, BAD), month(1, BAD, version="1"), month(1, BAD, version="1", arm="champion")]
    assert [one.version for one in evaluate(monitor(), both, None, at(1)).alerts] == [None]
    only = evaluate(monitor(), both[1:], None, at(1)).alerts
    assert [(one.version, one.arm) for one in only] == [("1", None)]


def test_a_version_is_called_as_people_call_it() -> None:
    """By its number; by its id if it is no longer known."""
    values = [month(1, BAD, version="20251101T000000Z-abcde")]
    numbers = {"20251101T000000Z-abcde": 2}
    (alert,) = evaluate(monitor(), values, None, at(1), numbers).alerts
    assert alert.what.startswith("Observed over expected of version 2 was 1.5")
    assert alert.version == "20251101T000000Z-abcde"
    (alert,) = evaluate(monitor(), values, None, at(1)).alerts
    assert "of version 20251101T000000Z-abcde was" in alert.what


def test_what_is_only_logged_raises_no_alarm() -> None:
    """A shadow answers nobody; its comparison with the champion may be watched all the same."""
    shadow = month(1, BAD, version="2", arm="shadow")
    assert evaluate(monitor(), [shadow], None, at(1)).alerts == ()
    better = rule(metric="ab_better", of="auc", above=0.9, below=None)
    found = replace(shadow, metric="ab_better", of="auc", value=0.95)
    assert len(evaluate(monitor(better), [found], None, at(1)).alerts) == 1


def test_what_is_no_longer_measured_is_over() -> None:
    """A version that predicts no more, after three periods without it."""
    values = [month(1, BAD, version="1")]
    values += [month(number, GOOD, version="2") for number in range(1, 4)]
    assert evaluate(monitor(), values, None, at(1)).alerts[0].state == "open"
    values.append(month(4, GOOD, version="2"))
    alert = evaluate(monitor(), values, None, at(1)).alerts[0]
    assert (alert.state, alert.note) == ("closed", "it is no longer measured")


def test_late_labels_may_change_the_past() -> None:
    """An event that begins earlier than was known is the same; one that is no more is closed."""
    first = evaluate(monitor(), months([GOOD, GOOD, BAD]), None, at(1)).alerts
    moved = evaluate(monitor(), months([GOOD, BAD, BAD]), first, at(2)).alerts
    assert [one.alert for one in moved] == [first[0].alert]
    gone = evaluate(monitor(), months([GOOD, GOOD, GOOD]), first, at(2)).alerts
    assert (gone[0].state, gone[0].note) == ("closed", "its values were corrected since")
    again = evaluate(monitor(), months([GOOD, GOOD, BAD]), gone, at(3)).alerts
    assert [one.state for one in again] == ["closed", "open"]
    assert again[0].alert != again[1].alert


def test_an_alert_of_a_rule_that_is_gone_is_closed_and_kept() -> None:
    """Nothing is lost; and a rule that is there again opens a new one."""
    first = evaluate(monitor(), months([BAD]), None, at(1)).alerts
    other = monitor(rule(name="other", metric="brier"))
    gone = evaluate(other, months([BAD]), first, at(2)).alerts
    assert (gone[0].state, gone[0].note) == ("closed", "the rule is no longer declared")
    none = evaluate(replace(monitor(), rules=()), (), gone, at(2)).alerts
    assert none == gone


def test_what_people_said_stays() -> None:
    """An alert that is acknowledged stays so, whatever its values, until it is over."""
    (first,) = evaluate(monitor(), months([BAD]), None, at(1)).alerts
    known = replace(first, state="acknowledged", acknowledged_by="Ann", why="a strike")
    (later,) = evaluate(monitor(), months([BAD, 1.9]), (known,), at(2)).alerts
    assert (later.state, later.acknowledged_by, later.value) == ("acknowledged", "Ann", 1.9)
    (over,) = evaluate(monitor(), months([BAD, GOOD]), (known,), at(2)).alerts
    assert (over.state, over.why) == ("closed", "a strike")


def test_nobody_is_told_of_what_was_over_before_anyone_looked() -> None:
    """At the first look, and where a new rule looks at what was long ago."""
    values = months([BAD, GOOD, GOOD, GOOD, BAD])
    assert [one.quiet for one in evaluate(monitor(), values, None, at(1)).alerts] == [True, False]
    assert [one.quiet for one in evaluate(monitor(), values, (), at(1)).alerts] == [True, False]
    recent = months([GOOD, BAD, GOOD])
    assert [one.quiet for one in evaluate(monitor(), recent, (), at(1)).alerts] == [False]


def test_infinite_and_undefined_values() -> None:
    """Infinity is beyond any limit, and no number that JSON has; what is not defined is none."""
    (alert,) = alerts_of([math.nan, math.inf])
    assert (alert.period, alert.value) == ("2013-02", None)
    assert "was infinite" in alert.what


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([GOOD, BAD, None]), min_size=1, max_size=12),
    st.integers(1, 3),
    st.integers(0, 2),
)
def test_looking_often_and_looking_once_find_the_same(
    values: list[float | None], k: int, more: int
) -> None:
    """Whenever checks are made, the same events are found, and at most one is open."""
    watched = monitor(rule(k=k, n=k + more))
    found: tuple[Alert, ...] | None = None
    for end in range(1, len(values) + 1):
        found = evaluate(watched, months(values[:end]), found, at(end)).alerts
    once = evaluate(watched, months(values), None, at(30)).alerts
    assert found is not None
    assert spans(found) == spans(once)
    assert [one.alert for one in found] == [one.alert for one in once]
    assert sum(one.state == "open" for one in found) <= 1
