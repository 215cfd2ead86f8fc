"""How a model in production does at a glance: what happened, whether it matters, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from analysis.monitoring.stored.record import ESTIMATED, Measurement
from analysis.report.data.layout import facts
from analysis.report.experiments.notice import notice
from analysis.report.experiments.words import plural
from analysis.report.formats import date, number, percent
from analysis.report.html import Html, code, join, link, prose, tag
from analysis.report.models.links import model_link
from analysis.report.monitoring.advice import CALIBRATION, DRIFT, advice
from analysis.report.monitoring.headlines import headlines
from analysis.report.monitoring.judging import expected, worse_in
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.told import ToldAlert, ToldMonitor
from analysis.report.monitoring.words import (
    coverage_said,
    ends,
    metric_label,
    of_label,
    status_colour,
    written,
)

_MOST = 3  # rules
_NAMED = 5  # fields or parts of a rule


def about_monitor(name: str) -> Html:
    """Say how the model does, why we say so, and on what that rests."""
    told = monitored(name)
    title = (told.status or "unknown").capitalize()
    reason = tag("p", prose(told.reason or _WITHOUT))
    said = join([None if _is_said(told) else reason, _points(told)])
    return join([notice(status_colour(told.status), title, said), facts(_facts(told))])


_WITHOUT = "Nothing was found that speaks for or against the model."


def _is_said(told: ToldMonitor) -> bool:
    """Say whether the reason is that of an alert, which is told of anyway."""
    return any(alert.what and alert.what in (told.reason or "") for alert in told.open_alerts)


def by_rule(alerts: Iterable[ToldAlert]) -> tuple[tuple[ToldAlert, ...], ...]:
    """Put alerts of the same rule together, in their order."""
    rules: dict[str, list[ToldAlert]] = {}
    for alert in alerts:
        rules.setdefault(alert.rule, []).append(alert)
    return tuple(tuple(group) for group in rules.values())


def _points(told: ToldMonitor) -> Html | None:
    groups = by_rule(told.open_alerts)
    if not groups:
        return None
    to_do = dict.fromkeys(advice(group[0].metric).to_do for group in groups[:_MOST])
    more = len(groups) - _MOST
    left = tag("p", link("#alerts", plural(more, "other rule")), " fired, too.")
    return join(
        [
            tag("ul", *(_point(told, group) for group in groups[:_MOST])),
            left if more > 0 else None,
            tag("p", tag("strong", "What to do. "), join(map(prose, to_do), " ")),
        ]
    )


def _point(told: ToldMonitor, alerts: Sequence[ToldAlert]) -> Html:
    first, *others = alerts
    names = dict.fromkeys(of_label(alert.of, alert.part) for alert in others if alert.of)
    shown = ", ".join(list(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    also = f" The same rule fired for {plural(len(others), 'other')}: {shown}." if names else ""
    return tag("li", happened(told, first), also, " ", matters(told, first))


def happened(told: ToldMonitor, alert: ToldAlert) -> Html:
    """Say what an alert is about, in words that do not need the chart."""
    if alert.what:
        return prose(alert.what if alert.what.endswith((".", "!", "?")) else f"{alert.what}.")
    last = alert.last_period or alert.period
    of = f" of {of_label(alert.of)}" if alert.of else ""
    limit = (
        f", the limit is {written(alert.metric, alert.limit)}" if alert.limit is not None else ""
    )
    value = written(alert.metric, alert.value)
    return join([f"{metric_label(alert.metric)}{of} was {value} in {last}{limit}."])


def matters(told: ToldMonitor, alert: ToldAlert) -> str:
    """Say whether what an alert is about had consequences, as far as labels tell."""
    if alert.metric in DRIFT:
        return _of_drift(worse_in(told, alert.last_period or alert.period))
    if alert.metric in CALIBRATION:
        return _of_calibration(told, alert.last_period or alert.period)
    return advice(alert.metric).meaning


def _of_drift(worse: Sequence[Measurement] | None) -> str:
    if worse is None:
        return "Whether that matters cannot be told yet: labels of this period are missing or few."
    if not worse:
        return (
            "By the labels of this period the model did as in training, so that this had no "
            "consequence that one could see."
        )
    return f"In the same period {_listed(worse)} worse than in training."


def _of_calibration(told: ToldMonitor, period: str) -> str:
    ranking = told.at(period, "auc")
    meaning = advice("observed_expected").meaning
    if ranking is None:
        return meaning
    worse = worse_in(told, period) or ()
    return (
        f"{meaning} Here the order is worse, too: AUC was {written('auc', ranking.value)}."
        if ranking in worse
        else f"{meaning} Here the order held: AUC was {written('auc', ranking.value)}."
    )


def _listed(numbers: Sequence[Measurement]) -> str:
    names = [metric_label(number.metric) for number in numbers]
    if len(names) == 1:
        return f"{names[0]} was"
    return f"{', '.join(names[:-1])} and {names[-1]} were"


def _facts(told: ToldMonitor) -> Mapping[str, object]:
    last = told.latest("rows")
    between = f"{date(told.begin)} to {date(told.finish)}" if told.begin and told.finish else None
    covered = percent(told.labelled / told.rows, 0) if told.rows else None
    return {
        "Model": model_link(told.model),
        "Counted": f"{number(told.rows)} predictions, labels cover {covered}" if covered else None,
        "From": between,
        "Period": join(
            ["a ", told.period, " by ", code(told.time) if told.time else "the time of asking"]
        ),
        "Last period": f"{last.period}: {number(last.value)} predictions, {coverage_said(last)}"
        if last
        else "none: nothing was predicted yet",
        **{metric_label(series[-1].metric): _headline(series[-1]) for series in headlines(told)},
    }


def _headline(last: Measurement) -> Html:
    interval, reference = ends(last), expected(last)
    said = [
        f"in {last.period}",
        f"interval {interval}" if interval else "",
        f"expected {written(last.metric, reference)}" if reference is not None else "",
        coverage_said(last) if not last.metric.startswith(ESTIMATED) else "",
    ]
    return join([tag("b", written(last.metric, last.value)), f" ({'; '.join(filter(None, said))})"])
