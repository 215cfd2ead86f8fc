"""Whether a model predicts the same everywhere: the certificate, and the cases behind it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.report.data.layout import facts, html_table
from analysis.report.experiments.run.about import folded
from analysis.report.experiments.words import moment, plural
from analysis.report.formats import number
from analysis.report.html import Html, code, join, tag
from analysis.report.models.read import golden, model
from analysis.report.models.words import difference, parity_badge, value

if TYPE_CHECKING:
    from analysis.models.bundle.record import Check, GoldenCase, Version

_PLACES = {
    "python": "Python, the model as it is kept",
    "api": "The API",
    "duckdb": "SQL in DuckDB",
    "sqlite": "SQL in SQLite",
    "postgres": "SQL in PostgreSQL",
}
# What cases of each kind are there for.
_KINDS = {
    "ordinary": "made-up rows of usual values",
    "category": "every category of every field",
    "unseen": "categories that were not seen in training",
    "null": "missing values",
    "threshold": "values at and next to a threshold of the model",
    "edge": "the ends of what was seen in training",
}
_SHOWN = 5


def certificate_table(name: str) -> Html:
    """Show each way of predicting with its largest difference from the golden cases."""
    version = model(name).shown
    certificate = version.certificate
    if certificate is None:
        command = code(f"analysis model validate {name}")
        return tag("p", "This version was not validated yet: ", command, " does it.")
    table = html_table(
        [_row(check) for check in certificate.checks],
        {
            "where": "Where",
            "version": "Version",
            "cases": "Cases",
            "largest": "Largest difference",
            "labels": "Other labels",
        },
        ["cases", "largest", "labels"],
    )
    said = {
        "Result": parity_badge(certificate),
        "Validated": _when(version),
        "Tolerance": f"{certificate.tolerance:g} for numbers, none for labels",
    }
    return join([facts(said), Html(table.as_raw_html())])


def _when(version: Version) -> str:
    return moment(next(e.at for e in reversed(version.events) if e.kind == "certificate"))


def _row(check: Check) -> dict[str, object]:
    place = _PLACES.get(check.where, check.where)
    below = tag("small", f"not tried: {check.skipped}", style="display:block;opacity:.8")
    return {
        "where": join([place, below if check.skipped else None]),
        "version": check.version,
        "cases": number(check.cases),
        "largest": difference(check.largest),
        "labels": number(check.labels) if not check.skipped else difference(None),
    }


def golden_table(name: str) -> Html:
    """Say which cases there are, and show some."""
    cases = golden(name)
    kinds = Counter(case.kind for case in cases)
    rows = [{"kind": _KINDS.get(k, k), "cases": number(n)} for k, n in kinds.items()]
    table = html_table(rows, {"kind": "What they try", "cases": "Cases"}, ["cases"])
    some = [next(case for case in cases if case.kind == kind) for kind in kinds]
    return join(
        [
            Html(table.as_raw_html()),
            *(folded(f"One of the kind “{case.kind}”", _case(case)) for case in some[:_SHOWN]),
        ]
    )


def _case(case: GoldenCase) -> Html:
    return join(
        [
            tag("p", f"Of {plural(len(case.inputs), 'input')}:"),
            facts({name: value(found) for name, found in case.inputs.items()}),
            tag("p", "the model makes:"),
            facts({name: value(found) for name, found in case.outputs.items()}),
        ]
    )
