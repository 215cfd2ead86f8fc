"""Values of a column in small: a histogram, bars of frequent texts, the range."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from analysis.report.formats import MINUS, MISSING, date, number
from analysis.report.html import Html, join, tag, text

WIDTH, HEIGHT = 120, 28  # pixels of a small histogram
_SHOWN = 3
# Below this share of the rows even the most frequent text is only an example.
_FREQUENT = 0.05
_TIMES = ("DATE", "TIMESTAMP")
_NUMBERS = (
    "TINY",
    "SMALL",
    "INT",
    "BIG",
    "HUGE",
    "UTINY",
    "USMALL",
    "UINT",
    "UBIG",
    "UHUGE",
    "FLOAT",
    "DOUBLE",
    "DECIMAL",
)
_BAR = (
    "display:block;max-width:13em;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;"
    "padding:0 .3em;margin:1px 0;background:linear-gradient(90deg,#8b9bb055 {share:.1f}%,"
    "#8b9bb014 {share:.1f}%)"
)


def small_values(profile: SimpleNamespace, kind: str) -> Html:
    """Show what the values of a column look like; of personal ones, nothing."""
    if profile.histogram:
        return histogram(profile.histogram, profile.below, profile.above, kind)
    if profile.frequencies:
        return _frequencies(profile)
    return text("")


def histogram(bins: Sequence[dict[str, Any]], below: int, above: int, kind: str = "DOUBLE") -> Html:
    """Draw the bins as bars; what lies outside is said, and marked at its end."""
    most = max(b["n"] for b in bins) or 1
    step = WIDTH / len(bins)
    bars = [
        _rect(i * step + 0.5, HEIGHT * b["n"] / most, max(step - 1, 1))
        for i, b in enumerate(bins)
        if b["n"]
    ]
    said = _said(bins, below, above, kind)
    marks = [_mark(x) for x, count in ((3, below), (WIDTH - 3, above)) if count]
    return tag(
        "svg",
        tag("title", said),
        *bars,
        *marks,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_label=said,
        style="display:block;max-width:none",
        fill="currentColor",
    )


def _rect(x: float, height: float, width: float) -> Html:
    height = max(height, 1.0)  # one row must be seen
    return Html(
        f'<rect x="{x:.1f}" y="{HEIGHT - height:.1f}" width="{width:.1f}" height="{height:.1f}" '
        'opacity=".6"/>'
    )


def _mark(x: float) -> Html:
    return Html(f'<circle cx="{x}" cy="4" r="2.5" fill="#d9822b"/>')


def _said(bins: Sequence[dict[str, Any]], below: int, above: int, kind: str) -> str:
    top = max(bins, key=lambda b: b["n"])
    ends = [scaled(value, kind) for value in (bins[0]["low"], bins[-1]["high"])]
    most = [scaled(value, kind) for value in (top["low"], top["high"])]
    parts = [f"From {ends[0]} to {ends[1]}, most from {most[0]} to {most[1]}"]
    parts += [f"{number(n)} {where}" for n, where in ((below, "below"), (above, "above")) if n]
    return "; ".join(parts) + "."


def scaled(value: float, kind: str) -> str:
    """Write a point on the scale of a column: of times, the date."""
    if not kind.startswith(_TIMES):
        return _short(value)
    try:
        return date(datetime.fromtimestamp(value, UTC))
    except (OverflowError, ValueError, OSError):  # before the year 1, or after 9999
        return _short(value)


def _short(value: float) -> str:
    if abs(value) < 1e15 and value == int(value):
        # A year has no separator.
        return number(value) if abs(value) >= 10_000 else f"{value:.0f}".replace("-", MINUS)
    return f"{value:.4g}".replace("-", MINUS)


def value_range(profile: SimpleNamespace, kind: str) -> Html:
    """Write the least and the greatest value of a column whose values lie on a scale."""
    if profile.minimum is None or not kind.startswith((*_TIMES, *_NUMBERS)):
        return text(MISSING)
    low, high = (_written(value, kind) for value in (profile.minimum, profile.maximum))
    return text(low if low == high else f"{low} to {high}")


def _written(value: str, kind: str) -> str:
    return value[:10] if kind.startswith(_TIMES) else _short(float(value))


def _frequencies(profile: SimpleNamespace) -> Html:
    present = (profile.rows if profile.sampled is None else profile.sampled) or 1
    if profile.frequencies[0]["n"] / present < _FREQUENT:
        shown = [example or "(empty)" for example in profile.examples[:_SHOWN]]
        return tag("span", "such as ", ", ".join(shown), style="overflow-wrap:anywhere")
    bars = [_bar(item["value"], 100 * item["n"] / present) for item in profile.frequencies[:_SHOWN]]
    if (left := profile.distinct - len(bars)) > 0:
        bars.append(tag("small", f"and {number(left)} more", style="opacity:.75"))
    return join(bars)


def _bar(value: str, share: float) -> Html:
    shown = value if value.strip() else "(empty)"
    return tag(
        "span",
        tag("small", "under 1%" if share < 1 else f"{share:.0f}%", style="opacity:.75"),
        " ",
        shown,
        title=value,
        style=_BAR.format(share=share),
    )
