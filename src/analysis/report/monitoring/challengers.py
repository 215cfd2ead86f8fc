"""The champion against those that are tried beside it, on the same period."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.monitoring.stored.record import Measurement
from analysis.report.formats import number, percent
from analysis.report.html import Html, join, tag
from analysis.report.monitoring.judging import Verdict
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import BEST, metric_label, written

_DIFFERENCE, _BETTER, _NEEDED = "ab_difference", "ab_better", "ab_needed"


@dataclass(frozen=True)
class Comparison:
    """A metric of a challenger less that of the champion, in the last period that has both."""

    difference: Measurement
    better: float | None
    needed: float | None

    @property
    def verdict(self) -> Verdict:
        """Say whether the challenger is better, by more than chance explains."""
        low, high = self.difference.low, self.difference.high
        if low is None or high is None:
            return Verdict.UNKNOWN
        if low <= 0 <= high:
            return Verdict.SAME
        is_good = (low > 0) == (BEST.get(self.difference.of, "high") == "high")
        return Verdict.BETTER if is_good else Verdict.WORSE


def challenger_table(name: str) -> Html:
    """Compare each challenger with the champion, metric by metric."""
    told = monitored(name)
    found = comparisons(told)
    if not found:
        return tag("p", _NONE)
    table = number_table([_row(told, one) for one in found], _LABELS)
    return with_queries(told, [_DIFFERENCE], join([tag("p", _said(found)), table]))


_NONE = "Nothing is compared: only one version answered, or no period has labels of two."
_LABELS = {
    "who": "Challenger",
    "metric": "Metric",
    "champion": "Champion",
    "difference": "Difference",
    "verdict": "Verdict",
    "better": "Chance to be better",
    "needed": "Rows still needed",
}


def comparisons(told: ToldMonitor) -> tuple[Comparison, ...]:
    """Give the last comparison of each challenger and metric."""
    last: dict[tuple[str | None, str | None, str], Measurement] = {}
    for shown in told.numbers:
        if shown.metric == _DIFFERENCE and shown.value is not None:
            last[shown.version, shown.arm, shown.of] = shown
    return tuple(
        Comparison(n, _same(told, n, _BETTER), _same(told, n, _NEEDED)) for n in last.values()
    )


def _same(told: ToldMonitor, shown: Measurement, metric: str) -> float | None:
    wanted = (metric, shown.of, shown.version, shown.arm, shown.period)
    for other in told.numbers:
        if (other.metric, other.of, other.version, other.arm, other.period) == wanted:
            return other.value
    return None


def _said(found: tuple[Comparison, ...]) -> str:
    better = sum(one.verdict is Verdict.BETTER for one in found)
    worse = sum(one.verdict is Verdict.WORSE for one in found)
    if better and not worse:
        return f"The challenger is better by {better} of {len(found)} measures, and worse by none."
    if worse and not better:
        return f"The challenger is worse by {worse} of {len(found)} measures, and better by none."
    if better and worse:
        return f"It depends on the measure: the challenger is better by {better}, worse by {worse}."
    return (
        "No measure tells the two apart yet. Intervals hold at every look, however often one looks."
    )


def _row(told: ToldMonitor, one: Comparison) -> dict[str, object]:
    shown, metric = one.difference, one.difference.of
    low, high = written(metric, shown.low, sign=True), written(metric, shown.high, sign=True)
    ends = tag("small", f"{low} to {high}") if shown.low is not None else None
    who = told.version(shown.version) if shown.version else shown.arm
    return {
        "who": join([who, tag("small", f"as of {shown.period}")]),
        "metric": metric_label(metric),
        "champion": written(metric, shown.reference),
        "difference": join([tag("b", written(metric, shown.value, sign=True)), ends]),
        "verdict": _VERDICTS[one.verdict],
        "better": percent(one.better, 0),
        "needed": number(one.needed),
    }


_VERDICTS = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.SAME: "may be chance",
    Verdict.UNKNOWN: "too few days to tell",
}
