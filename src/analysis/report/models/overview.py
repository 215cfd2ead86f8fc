"""All models in short: what each predicts, which version answers, and whether it is proven."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from analysis.report.data.layout import WIDE, html_table
from analysis.report.data.read import rows
from analysis.report.experiments.intervals import Estimate, scale_of, styled, written
from analysis.report.experiments.words import metric_label, plural
from analysis.report.formats import date
from analysis.report.html import Html, code, join, prose, tag
from analysis.report.models.links import model_link
from analysis.report.models.words import difference, parity_said, stage_badge

# Of each model the champion, else the newest version.
_SHOWN = """
select *, count(*) over (partition by model) as versions
from meta.models
qualify row_number() over (partition by model order by stage = 'champion' desc, number desc) = 1
order by model
"""
_LABELS = {
    "model": "Model",
    "version": "Version",
    "value": "Decided by",
    "parity": "Predicts the same",
    "created": "Promoted",
    "rows": "Trained on",
}


def model_table() -> Html:
    """List the models, with the version of each that answers."""
    found = rows(_SHOWN)
    if not found:
        return tag("p", *_NONE)
    table = html_table([_row(one) for one in found], _LABELS, ["rows"])
    return styled(Html(table.as_raw_html()))


_NONE = (
    "No run has been promoted yet: ",
    code("analysis model promote RUN --as NAME"),
    " makes a model of one.",
)


def _row(one: SimpleNamespace) -> dict[str, Any]:
    estimate = Estimate(one.value, one.low, one.high)
    largest = tag("small", f"within {difference(one.largest_difference)}")
    return {
        "model": tag(
            "div",
            tag("strong", model_link(one.model)),
            tag("div", prose(one.question)),
            style=WIDE,
        ),
        "version": join(
            [
                f"{one.number} ",
                stage_badge(one.stage),
                tag("small", f"of {plural(one.versions, 'version')}"),
            ]
        ),
        "value": join(
            [
                written(estimate, scale_of([estimate])),
                tag("small", metric_label(one.metric) if one.metric else None),
            ]
        ),
        "parity": join([parity_said(one.parity), largest if one.parity == "passed" else None]),
        "created": date(one.created),
        "rows": plural(one.rows, "row"),
    }
