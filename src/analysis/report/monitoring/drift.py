"""What the model sees next to what it learned from: a heat map, and the fields that matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.errors import ProjectError
from analysis.monitoring.estimating.consequences import importance_shares
from analysis.monitoring.stored.record import Measurement
from analysis.report.experiments.frames import frame_of
from analysis.report.formats import MISSING, percent
from analysis.report.html import Html, code, join, tag
from analysis.report.models.read import model
from analysis.report.monitoring.drawing import sparkline
from analysis.report.monitoring.layout import number_table
from analysis.report.monitoring.panels import across
from analysis.report.monitoring.read import monitored
from analysis.report.monitoring.sql import with_queries
from analysis.report.monitoring.told import ToldMonitor
from analysis.report.monitoring.words import SCORE, metric_label, of_label, written

_FIELDS, _PERIODS = 30, 24  # what a chart has room for
_TOP = 10
_CLAMP = 10.0  # times the floor; what is beyond is as dark
_ROW, _LEAST = 24, 440
_OTHERS = ("jensen_shannon", "wasserstein", "chi2", "linf")


def times_floor(shown: Measurement | None) -> float | None:
    """Say how many times what chance gives a value of drift is."""
    if shown is None or shown.value is None or not shown.floor:
        return None
    return shown.value / shown.floor


def ranked(told: ToldMonitor) -> tuple[str, ...]:
    """Order the fields by the consequence of their drift, and where that is equal by drift."""

    def key(of: str) -> tuple[bool, float, float]:
        consequences = [n.value or 0.0 for n in told.known("consequence", of)[-_PERIODS:]]
        drifts = [times_floor(n) or 0.0 for n in told.known("psi", of)[-_PERIODS:]]
        return of != SCORE, -max(consequences, default=0.0), -max(drifts, default=0.0)

    return tuple(sorted((of for of in told.fields("psi") if told.known("psi", of)), key=key))


def drift_said(name: str) -> Html:
    """Say of how many fields the distribution is another one, and whether it matters."""
    told = monitored(name)
    score, fields = told.latest("psi", SCORE), [of for of in ranked(told) if of != SCORE]
    latest = [n for of in fields if (n := told.latest("psi", of)) is not None]
    if not latest and score is None:
        return tag("p", "Nothing can be said of drift yet: no period has enough rows.")
    last = max([*latest, *([score] if score else [])], key=lambda n: n.begin)
    here = [n for n in latest if n.period == last.period]
    beyond = [n for n in here if (times_floor(n) or 0.0) > 1]
    said = [
        f"In {last.period} {_counted(len(beyond), len(here))} differently from what chance gives."
    ]
    if (times := times_floor(score)) is not None:
        said.append(f"The score itself is at {times:.1f} times what chance gives.")
    return tag("p", " ".join(said))


def _counted(beyond: int, all_of_them: int) -> str:
    if not beyond:
        return f"none of {all_of_them} fields is distributed"
    return f"{beyond} of {all_of_them} fields {'is' if beyond == 1 else 'are'} distributed"


def drift_chart(name: str) -> Any:
    """Draw drift by field and period as a multiple of what chance gives."""
    told = monitored(name)
    fields, periods = ranked(told)[:_FIELDS], told.periods[-_PERIODS:]
    found = [_tile(n) for of in fields for n in told.known("psi", of) if n.period in periods]
    if not found:
        return tag("p", "There is no drift to draw yet.")
    return _heat(found, [of_label(of) for of in fields], periods)


def _tile(shown: Measurement) -> dict[str, Any]:
    times = times_floor(shown)
    return {
        "field": of_label(shown.of),
        "period": shown.period,
        "times": times,
        "said": "" if times is None else f"{times:.1f}" if times < 99.5 else "99+",
        "psi": written("psi", shown.value),
        "floor": written("psi", shown.floor),
        "rows": f"{shown.rows:,}",
    }


def _heat(found: Sequence[Mapping[str, Any]], fields: list[str], periods: Sequence[str]) -> Any:
    from analysis.report.charts import alt

    base = alt.Chart(frame_of([dict(tile) for tile in found])).encode(
        x=across(periods).axis(alt.Axis(orient="top", labelOverlap="greedy", labelFontSize=12)),
        y=alt.Y("field:N", sort=fields).title(None).axis(labelLimit=240),
        tooltip=[
            alt.Tooltip("field:N", title="Field"),
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("said:N", title="Times what chance gives"),
            alt.Tooltip("psi:N", title="PSI"),
            alt.Tooltip("floor:N", title="What chance gives"),
            alt.Tooltip("rows:N", title="Rows"),
        ],
    )
    scale = alt.Scale(type="log", domain=[1, _CLAMP], clamp=True)
    legend = alt.Legend(
        title="PSI as a multiple of what chance gives",
        orient="bottom",
        values=[1, 2, 5, 10],
        gradientLength=200,
        titleLimit=0,
        format="~g",
    )
    known = base.transform_filter("isValid(datum.times)")
    tiles = known.mark_rect().encode(color=alt.Color("times:Q").scale(scale).legend(legend))
    unknown = base.transform_filter("!isValid(datum.times)").mark_rect(color="#80808022")
    layers: Any = unknown + tiles
    if len(periods) <= _WRITTEN:
        dark = alt.condition("datum.times > 4", alt.value("white"), alt.value("#1d242c"))
        layers += known.mark_text(fontSize=11).encode(text="said:N", color=dark)
    return layers.properties(
        width=max(44 * len(periods), _LEAST),
        height=alt.Step(_ROW),
        autosize=alt.AutoSizeParams(type="pad"),
    )


_WRITTEN = 13  # periods that have room for numbers


def drift_table(name: str) -> Html:
    """List the fields whose drift has most consequence in their last period."""
    told = monitored(name)
    fields = ranked(told)[:_TOP]
    shares = importance(told)
    rows = [_row(told, of, n, shares) for of in fields if (n := told.latest("psi", of))]
    if not rows:
        return Html("")
    numbers = ["psi", "floor", "times", "importance", "consequence"]
    return with_queries(told, ("psi", *_OTHERS), number_table(rows, _LABELS, numbers))


_LABELS = {
    "field": "Field",
    "psi": "PSI",
    "floor": "By chance",
    "times": "Times",
    "others": "Other measures",
    "importance": "Importance",
    "consequence": "Consequence",
    "line": "By period",
}


def _row(
    told: ToldMonitor, of: str, shown: Measurement, shares: Mapping[str, float]
) -> dict[str, Any]:
    times = times_floor(shown)
    consequence = told.at(shown.period, "consequence", of)
    others = [n for metric in _OTHERS if (n := told.at(shown.period, metric, of))]
    said = [f"{metric_label(n.metric)} {written(n.metric, n.value)}" for n in others]
    return {
        "field": join(
            [code(of_label(of)) if of != SCORE else "the score", tag("small", shown.period)]
        ),
        "psi": written("psi", shown.value),
        "floor": written("psi", shown.floor),
        "times": MISSING if times is None else f"{times:.1f}",
        "others": join([tag("div", one, style="white-space:nowrap") for one in said]) or MISSING,
        "importance": percent(shares.get(of), 0),
        "consequence": written("consequence", consequence.value if consequence else None),
        "line": sparkline(told.known("psi", of)[-_PERIODS:]),
    }


def importance(told: ToldMonitor) -> Mapping[str, float]:
    """Give the share of each field in what the model relies on, where that is known."""
    try:
        return importance_shares(model(told.model).shown.bundle.importance)
    except ProjectError:  # it was removed; its numbers stay
        return {}
