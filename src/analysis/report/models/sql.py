"""The model as a query, as far as a page can hold it."""

from __future__ import annotations

from analysis.report.experiments.run.about import folded
from analysis.report.experiments.words import plural, size
from analysis.report.html import Html, code, join, tag
from analysis.report.models.read import model, sql_text

_WHOLE = 30_000  # characters of a query that a page shows whole
_FIRST = 60  # lines of a longer one
_WIDEST = 160


def model_query(name: str) -> Html:
    """Show the query that predicts, or say why there is none."""
    bundle = model(name).shown.bundle
    if bundle.uncompiled:
        step, why = bundle.uncompiled.step, bundle.uncompiled.why
        return tag("p", "This model cannot be written as SQL: ", code(step), f": {why}.")
    text = sql_text(name)
    command = code(f"analysis model sql {name}")
    said = tag("p", command, " prints the whole query: features, sample and model. ", _DIALECTS)
    if len(text) <= _WHOLE:
        return join([said, folded("The query of the model", _block(text))])
    title = f"The first {_FIRST} of {plural(text.count(chr(10)), 'line')} ({size(len(text))})"
    return join([said, folded(title, _block(_beginning(text)))])


_DIALECTS = "With --dialect it is written for another database."


def _beginning(text: str) -> str:
    lines = text.splitlines()[:_FIRST]
    return "\n".join(line if len(line) <= _WIDEST else f"{line[:_WIDEST]} …" for line in lines)


def _block(text: str) -> Html:
    return tag("pre", tag("code", text), style="max-height:28em;overflow:auto")
