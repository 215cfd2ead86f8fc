"""How the rules of models stand, as lines for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis.cli.experiment.table import shortened
from analysis.monitoring.alerts.evaluating import Evaluated, Judged
from analysis.monitoring.alerts.record import Alert
from analysis.monitoring.alerts.series import Point
from analysis.monitoring.alerts.wording import figure
from analysis.monitoring.declared.record import Monitor
from analysis.report.formats import MISSING

HEADER = ("model", "rule", "of", "severity", "period", "value", "limit", "state")
Row = tuple[str, ...]


def rows_of(monitor: Monitor, found: Evaluated) -> Iterator[Row]:
    """Give a row for each alert that is open, and one for each rule that holds otherwise."""
    alerts = {alert.alert: alert for alert in found.alerts}
    by_rule: dict[str, list[Judged]] = defaultdict(list)
    for judged in found.judged:
        by_rule[judged.series.rule.name].append(judged)
    for rule in monitor.rules:
        judged_all = by_rule[rule.name]
        firing = [one for one in judged_all if one.alert is not None]
        quiet = [one for one in judged_all if one.alert is None]
        first = (monitor.model, shortened(rule.name, 24))
        for one in firing:
            alert = alerts[one.alert or ""]
            values = (alert.last_period, figure(alert.value), figure(alert.limit))
            place = shortened(one.place, 24) or "all"
            yield (*first, place, rule.severity, *values, _state(alert))
        if quiet or not firing:
            yield (*first, *_of_quiet(rule.severity, quiet))


def _state(alert: Alert) -> str:
    if alert.waits:
        return f"OPEN {alert.alert}"
    return f"known {alert.alert}" + (f" ({alert.acknowledged_by})" if alert.acknowledged_by else "")


def _of_quiet(severity: str, quiet: Sequence[Judged]) -> Row:
    """Say that a rule holds: where it looks at many things, all in one row."""
    if not quiet:
        return (MISSING, severity, MISSING, MISSING, MISSING, "not measured")
    latest = [(one, one.series.points[-1]) for one in quiet]
    silent = [point for _, point in latest if not point.counts]
    if len(latest) > 1:
        state = "ok" if not silent else f"ok; {len(silent)} do not count"
        return (f"{len(latest)} others", severity, latest[-1][1].found.period, "", "", state)
    one, point = latest[0]
    place = shortened(one.place, 24) or "all"
    value, limit = figure(point.found.value), figure(point.limit)
    return (place, severity, point.found.period, value, limit, _counting(point))


def _counting(point: Point) -> str:
    return "ok" if point.counts else f"does not count: {point.missing}"


def summary(alerts: Sequence[Alert]) -> str:
    """Say how many alerts are open."""
    going = [alert for alert in alerts if alert.state != "closed"]
    known = sum(not alert.waits for alert in going)
    if not going:
        return "no alert is open"
    told = "one alert is open" if len(going) == 1 else f"{len(going)} alerts are open"
    return f"{told}, {known} of them acknowledged" if known else told
