"""The versions of a model, and what happened to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.report.data.layout import facts, html_table, wide
from analysis.report.experiments.intervals import Estimate, drawn, scale_of, styled
from analysis.report.experiments.links import run_link
from analysis.report.experiments.run.origin import commit, listed
from analysis.report.experiments.words import metric_label, moment, size
from analysis.report.formats import MISSING
from analysis.report.html import Html, code, join, tag
from analysis.report.models.read import model
from analysis.report.models.words import parity_badge, stage_badge

if TYPE_CHECKING:
    from analysis.models.bundle.record import Event, Version


def version_table(name: str) -> Html:
    """List the versions, the newest first."""
    versions = model(name).versions[::-1]
    scale = scale_of(map(_estimate, versions))
    metrics = {version.bundle.metrics[0].name for version in versions if version.bundle.metrics}
    rows = [_row(version, scale) for version in versions]
    labels = {
        "number": "Version",
        "stage": "Stage",
        "metric": " / ".join(map(metric_label, sorted(metrics))) or "Metric",
        "parity": "Predicts the same",
        "created": "Promoted",
        "run": "Run",
        "size": "Size",
    }
    return styled(Html(html_table(rows, labels, ["number", "size"]).as_raw_html()))


def _row(version: Version, scale: Any) -> dict[str, object]:
    bundle = version.bundle
    return {
        "number": str(version.number),
        "stage": stage_badge(version.stage),
        "metric": drawn(_estimate(version), scale),
        "parity": parity_badge(version.certificate),
        "created": join(
            [moment(bundle.created), tag("small", f"by {bundle.by}" if bundle.by else None)]
        ),
        "run": run_link(bundle.provenance.experiment, bundle.provenance.run),
        "size": size(sum(file.bytes for file in bundle.files)),
    }


def _estimate(version: Version) -> Estimate:
    if not version.bundle.metrics:
        return Estimate(None)
    first = version.bundle.metrics[0]
    return Estimate(first.value, first.low, first.high)


def event_table(name: str) -> Html:
    """List what happened to all versions, the last first: who did what, and why."""
    events = [(v, event) for v in model(name).versions for event in v.events]
    events.sort(key=lambda one: one[1].at, reverse=True)
    rows = [
        {
            "at": moment(event.at),
            "version": str(version.number),
            "what": _what(event),
            "by": event.by or MISSING,
            "why": wide(event.why),
        }
        for version, event in events
    ]
    labels = {"at": "When", "version": "Version", "what": "What", "by": "Who", "why": "Why"}
    return Html(html_table(rows, labels, ["version"]).as_raw_html())


def _what(event: Event) -> Html:
    if event.stage:
        before = join(["from ", event.previous, " to "]) if event.previous else None
        return join([before, stage_badge(event.stage)])
    return join(["validated: ", parity_badge(event.certificate)])


def version_origin(name: str) -> Html:
    """Say where the version comes from that the page shows: commit, packages, command."""
    origin = model(name).shown.bundle.provenance
    return join(
        [
            facts(
                {
                    "Commit": commit(origin.commit, origin.dirty),
                    "Commit of the run": commit(origin.run_commit, None),
                    "Python": origin.python,
                    "System": origin.platform,
                    "Command": code(origin.command),
                }
            ),
            listed("package", origin.packages),
            listed("module of the project", origin.code, "modules of the project"),
            listed("column", origin.columns, "columns"),
        ]
    )
