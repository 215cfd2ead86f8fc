"""How a run compares with the best and the baseline, as its page is told when it is made.

What a page is told is part of its text, so that a new run makes only those pages stale whose
comparison it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.report.experiments.intervals import Estimate, scale_of
from analysis.report.experiments.links import experiment_link, run_link
from analysis.report.experiments.words import metric_words
from analysis.report.html import Html, join, tag


def run_compared(experiment: str, compared: Sequence[Mapping[str, Any]] | None) -> Html:
    """Say in words how far a run is from the best and from the baseline."""
    where = join(["All candidates are compared on the page of ", experiment_link(experiment), "."])
    said = [_sentence(experiment, one) for one in compared or ()]
    return join([tag("ul", *(tag("li", one) for one in said)) if said else None, tag("p", where)])


def _sentence(experiment: str, one: Mapping[str, Any]) -> Html:
    against = "the best" if one["against"] == "best" else "the baseline"
    other = run_link(experiment, one["other"], against)
    label = metric_words(one["metric"])
    if one["difference"] is None:
        return join([f"{label} cannot be compared with that of ", other, "."])
    difference = Estimate(one["difference"], one["low"], one["high"])
    scale = scale_of([difference])
    ends = (scale.write(end, sign=True) for end in (difference.low, difference.high))
    interval = "" if None in (one["low"], one["high"]) else f" ({' to '.join(ends)})"
    apart = "" if one["distinguishable"] else " The difference may be chance."
    value = scale.write(difference.value, sign=True)
    return join(
        [f"{label} differs by ", tag("strong", value), f"{interval} from ", other, ".", apart]
    )
