"""Who is told of alerts: through real servers of HTTP and mail, of each event once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, ProjectError
from analysis.monitoring.alerts.addresses import Recipient
from analysis.monitoring.alerts.evaluating import evaluate
from analysis.monitoring.alerts.news import Message
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.alerts.sending import send
from analysis.monitoring.alerts.store import alerts_file, read_alerts, write_alerts
from analysis.monitoring.alerts.telling import tell
from analysis.monitoring.declared.record import Monitor
from analysis.project import Project, find_project
from tests.helpers.alerting import at, monitor, months, rule
from tests.helpers.hooks import Hook, web_hook
from tests.helpers.projects import write_project
from tests.helpers.smtp import mail_server

MODEL = "late-flights"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without anything."""
    return find_project(write_project(tmp_path, {}))


def check(
    project: Project, watched: Monitor, values: Sequence[float | None], day: int
) -> tuple[AnalysisError, ...]:
    """Evaluate, keep and tell, as the command does."""
    alerts = evaluate(watched, months(values), read_alerts(project, MODEL), at(day)).alerts
    write_alerts(project, MODEL, alerts)
    return tell(watched, alerts, at(day), send, lambda one: write_alerts(project, MODEL, one))


def told(hook: Hook) -> list[str]:
    """Give the titles of what was posted."""
    return [post["title"] for post in hook.posts]


def test_a_webhook_is_told_of_each_event_once(project: Project) -> None:
    """When it opens and when it is over, however often one looks."""
    with web_hook() as hook:
        watched = monitor(notify=(hook.url,), title="Late arrivals")
        for day, values in enumerate([[1.0], [1.0, 1.5], [1.0, 1.5, 1.6]], start=1):
            assert check(project, watched, values, day) == ()
            assert check(project, watched, values, day) == ()
        assert told(hook) == ["Late arrivals: 1 alert open"]
        (post,) = hook.posts
        assert post["type"] == "failure"
        assert "Observed over expected was 1.5 in 2013-02, above 1.25." in post["message"]
        assert "Why it matters: promises break" in post["message"]
        assert "analysis monitor acknowledge" in post["message"]
        for day in (4, 5):
            assert check(project, watched, [1.0, 1.5, 1.6, 1.0], day) == ()
        assert told(hook) == ["Late arrivals: 1 alert open", "Late arrivals: 1 alert over"]
        assert hook.posts[1]["type"] == "success"
        (alert,) = read_alerts(project, MODEL) or ()
        assert (alert.told, alert.told_closed) == ("2014-01-02T12:00:00Z", "2014-01-04T12:00:00Z")


def test_a_mail_says_what_happened(project: Project) -> None:
    """To whom it is addressed, with a title and the reason."""
    with mail_server() as box:
        address = f"mailto://127.0.0.1:{box.port}?from=watch@example.org&to=ann@example.org"
        watched = monitor(rule(severity="watch"), notify=(address,))
        assert check(project, watched, [1.5], 1) == ()
        (mail,) = box.mails
    assert box.recipients == ["ann@example.org"]
    assert mail["Subject"] == "late-flights: 1 alert open"
    body = mail.get_body(("plain", "html"))
    assert body is not None
    assert "WATCH calibration" in body.get_content()


def test_who_is_not_reached_is_told_the_next_time_and_nobody_else(project: Project) -> None:
    """What one refuses does not keep the others from knowing, and they hear it once."""
    with web_hook() as broken, web_hook() as other:
        watched = monitor(notify=(broken.url, other.url))
        broken.status = 500
        for day in (1, 2):
            (failure,) = check(project, watched, [1.5], day)
            assert "could not be told of alerts: the service answered 500" in str(failure)
        broken.status = 200
        assert check(project, watched, [1.5], 3) == ()
        assert told(broken) == told(other) == ["late-flights: 1 alert open"]


def test_what_came_and_went_while_a_service_was_down_is_told(project: Project) -> None:
    """The failure is over, and still somebody should know."""
    with web_hook() as hook:
        watched = monitor(notify=(hook.url,))
        hook.status = 503
        check(project, watched, [1.5], 1)
        check(project, watched, [1.5, 1.0], 2)
        hook.status = 200
        check(project, watched, [1.5, 1.0], 3)
        check(project, watched, [1.5, 1.0], 4)
        assert told(hook) == ["late-flights: 1 alert came and went"]


def test_killed_between_finding_and_telling(project: Project) -> None:
    """An alert that was kept and not told is told with the next check, once."""
    with web_hook() as hook:
        watched = monitor(notify=(hook.url,))
        write_alerts(project, MODEL, evaluate(watched, months([1.5]), (), at(1)).alerts)
        check(project, watched, [1.5], 2)
        check(project, watched, [1.5], 3)
        assert told(hook) == ["late-flights: 1 alert open"]


def test_killed_between_two_recipients(project: Project) -> None:
    """Who was told before is kept before the next one is told."""
    sent: list[str] = []

    def dying(recipient: Recipient, message: Message) -> None:
        if len(sent) == 1:
            raise KeyboardInterrupt
        sent.append(recipient.written)

    watched = monitor(notify=("json://a", "json://b"))
    alerts = evaluate(watched, months([1.5]), (), at(1)).alerts

    def keep(now: Sequence[Alert]) -> bool:
        return write_alerts(project, MODEL, now)

    with pytest.raises(KeyboardInterrupt):
        tell(watched, alerts, at(1), dying, keep)
    again: list[str] = []
    kept = read_alerts(project, MODEL) or ()
    tell(watched, kept, at(2), lambda recipient, _: again.append(recipient.written), keep)
    assert (sent, again) == (["json://a"], ["json://b"])


def test_who_is_new_is_told_of_what_is_open(project: Project) -> None:
    """And of nothing that was over before."""
    with web_hook() as first, web_hook() as second:
        values = [1.5, 1.0, 1.5]
        check(project, monitor(notify=(first.url,)), [1.5], 1)
        check(project, monitor(notify=(first.url,)), values[:2], 2)
        check(project, monitor(notify=(first.url,)), values, 3)
        check(project, monitor(notify=(first.url, second.url)), values, 4)
        assert told(second) == ["late-flights: 1 alert open"]
        assert "in 2013-03" in second.posts[0]["message"]
        assert len(first.posts) == 3


def test_several_alerts_are_one_message(project: Project) -> None:
    """Nobody gets twenty messages because twenty fields drift."""
    with web_hook() as hook:
        rules = [rule(name=f"rule {number}", severity="watch") for number in range(3)]
        check(project, monitor(*rules, notify=(hook.url,)), [1.5], 1)
        assert told(hook) == ["late-flights: 3 alerts open"]
        assert hook.posts[0]["type"] == "warning"


def test_nobody_is_told_where_nobody_is_named(project: Project) -> None:
    """Then an address that is written down later hears of what is open."""
    assert check(project, monitor(), [1.5], 1) == ()
    with web_hook() as hook:
        check(project, monitor(notify=(hook.url,)), [1.5], 2)
        assert told(hook) == ["late-flights: 1 alert open"]


def test_an_address_may_be_a_variable_of_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of it, or a part; without it a message says which one, and no more."""
    with web_hook() as hook:
        monkeypatch.setenv("ALERTS", hook.url)
        monkeypatch.setenv("TOKEN", "s3cr3t")
        part = f"json://127.0.0.1:{hook.port}/hook/$TOKEN"
        assert check(project, monitor(notify=("$ALERTS", part)), [1.5], 1) == ()
        assert hook.paths == ["/hook/s3cr3t"] * 2
    monkeypatch.delenv("TOKEN")
    with pytest.raises(ProjectError) as missing:
        Recipient("slack://T0P/$TOKEN", monitor().where).filled()
    assert "TOKEN is not set" in str(missing.value)
    assert "T0P" not in str(missing.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("json://127.0.0.1:1/s3cr3t", "no connection"),
        ("json://ann:s3cr3t@127.0.0.1:1/", "no connection"),
        ("nosuch://s3cr3t", "no address that Apprise knows"),
        ("s3cr3t", "no address that Apprise knows"),
        ("slack://s3cr3t", "no address that Apprise knows"),
        ("mailto://ann:s3cr3t@127.0.0.1:1?from=a@b.org&to=a@b.org", "could not be told"),
    ],
)
def test_no_secret_is_shown(
    project: Project,
    address: str,
    said: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in a message, not in a log, not in the file of alerts, whatever fails."""
    caplog.set_level(logging.DEBUG)
    (failure,) = check(project, monitor(notify=(address,)), [1.5], 1)
    assert said in str(failure)
    shown = capfd.readouterr()
    kept = alerts_file(project, MODEL).read_text()
    assert "s3cr3t" not in str(failure) + shown.out + shown.err + caplog.text + kept


def test_a_damaged_file_is_told_and_not_written_over(project: Project) -> None:
    """What cannot be read is not lost, and its line is named."""
    alerts = evaluate(monitor(), months([1.5]), (), at(1)).alerts
    write_alerts(project, MODEL, alerts)
    assert read_alerts(project, MODEL) == alerts
    file = alerts_file(project, MODEL)
    with file.open("a") as end:
        end.write("<<<<<<< HEAD\n")
    with pytest.raises(ProjectError, match=r"data/monitoring/late-flights/alerts.json:2: "):
        read_alerts(project, MODEL)
    assert not write_alerts(project, "other", ()) or alerts_file(project, "other").exists()


def test_a_message_tells_apart_what_is_new_and_what_is_over(project: Project) -> None:
    """Both in one message, each under its own word."""
    with web_hook() as hook:
        first, second = rule(name="first"), rule(name="second")
        watched = monitor(first, second, notify=(hook.url,))
        check(project, replace(watched, rules=(first,)), [1.5], 1)
        later = [*months([1.5, 1.0])]
        alerts = evaluate(
            replace(watched, rules=(first, replace(second, above=0.9))),
            later,
            read_alerts(project, MODEL),
            at(2),
        ).alerts
        tell(watched, alerts, at(2), send, lambda one: write_alerts(project, MODEL, one))
        assert told(hook)[1] == "late-flights: 2 alerts (1 open, 1 over)"
        assert "OVER first" in hook.posts[1]["message"]
        assert "ACT second" in hook.posts[1]["message"]
