"""What a model is: which question it answers, which version does, and how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.report.data.layout import facts
from analysis.report.experiments.links import run_link, view_link
from analysis.report.experiments.notice import notice
from analysis.report.experiments.run.results import metrics_shown
from analysis.report.experiments.words import estimator, moment, plural, size
from analysis.report.formats import number
from analysis.report.html import Html, code, join, prose, tag
from analysis.report.models.read import model
from analysis.report.models.words import parity_badge, stage_badge
from analysis.report.palette import WARM

if TYPE_CHECKING:
    from analysis.models.bundle.record import Bundle, Version


def about_model(name: str) -> Html:
    """Say what the model is, and which of its versions this page shows."""
    told = model(name)
    shown = told.shown
    return join(
        [
            tag("p", prose(shown.bundle.question), style="font-size:1.15em"),
            None if shown.stage == "champion" else notice(WARM, "Nothing is deployed", _NOBODY),
            _unproven(shown),
            facts(_facts(shown)),
        ]
    )


_NOBODY = (
    "No version of this model is the champion, so none answers in production. What follows is of "
    "the newest version."
)


def _unproven(version: Version) -> Html | None:
    certificate = version.certificate
    if certificate is None or certificate.passed:
        return None
    return notice(WARM, "Not the same everywhere", _DIFFERS)


_DIFFERS = (
    "This version was found to predict something else in some place than where it was made. The "
    "table of checks below says where, and by how much."
)


def _facts(version: Version) -> Mapping[str, object]:
    bundle, origin = version.bundle, version.bundle.provenance
    when = join([moment(bundle.created), f" by {bundle.by}" if bundle.by else None])
    return {
        "Version": join([f"{version.number} ", stage_badge(version.stage)]),
        "Predicts": _target(bundle),
        "Estimator": estimator(bundle.estimator),
        "From": join(["run ", run_link(origin.experiment, origin.run), f", {origin.candidate}"]),
        "Promoted": when,
        "Why": bundle.why,
        "Trained on": _rows(bundle),
        "Predicts the same": parity_badge(version.certificate),
        "Size": size(sum(file.bytes for file in bundle.files)),
    }


def _target(bundle: Bundle) -> Html:
    if bundle.positive is not None:
        return join([code(bundle.target), ", the probability that it is ", code(bundle.positive)])
    if bundle.classes:
        return join(
            [code(bundle.target), f", one of {plural(len(bundle.classes), 'class', 'classes')}"]
        )
    return code(bundle.target)


def _rows(bundle: Bundle) -> Html:
    when = ", all as they were on promotion" if bundle.provenance.refit else None
    return join([f"{number(bundle.provenance.rows)} rows of ", view_link(bundle.sample), when])


def model_metrics(name: str) -> Html:
    """Show how good the run was that this version comes from, with intervals of 95 %."""
    bundle = model(name).shown.bundle
    split = tag("p", f"In cross-validation, split {bundle.split}.")
    return join([split, metrics_shown(bundle.metrics)])
