"""Of what and where a run was made, and how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.report.data.layout import facts
from analysis.report.experiments.run.about import folded
from analysis.report.experiments.run.read import record
from analysis.report.experiments.words import plural, size
from analysis.report.html import Html, code, join, tag


def run_origin(experiment: str, run: str) -> Html:
    """Say by which code, packages, seeds and data a run was made."""
    told = record(experiment, run)
    origin = told.origin
    return join(
        [
            facts(
                {
                    "Commit": commit(origin.commit, origin.dirty),
                    "Python": origin.python,
                    "System": origin.platform,
                    "Seeds": ", ".join(f"{name} {seed}" for name, seed in told.seeds.items()),
                    "Key": code(told.key),
                    "Split": code(told.split.digest),
                    "Blocks": code(told.blocks.digest),
                    "Predictions": told.predictions and size(told.predictions.bytes),
                }
            ),
            listed("package", origin.packages),
            listed("module of the project", origin.code, "modules of the project"),
            listed("column", told.data.columns, "columns"),
        ]
    )


def run_command(experiment: str, run: str) -> Html:
    """Show the command that makes the run again and says whether it comes out the same."""
    return tag("pre", tag("code", record(experiment, run).command))


def commit(found: str | None, dirty: bool | None) -> Html | None:
    """Write a commit, and whether there was more than it holds."""
    if found is None:
        return None
    return join([code(found[:12]), ", with changes that are not committed" if dirty else None])


def listed(one: str, found: Mapping[str, str], many: str | None = None) -> Html | None:
    """List fingerprints or versions on request."""
    if not found:
        return None
    said = {code(name): code(value) for name, value in sorted(found.items())}
    rows = (tag("tr", tag("td", name), tag("td", value)) for name, value in said.items())
    table = tag("table", *rows, data_quarto_disable_processing="true", style=_TABLE)
    kind = "versions" if one == "package" else "fingerprints"
    return folded(f"{plural(len(found), one, many)}, with {kind}", table)


_TABLE = "font-size:.85em;overflow-wrap:anywhere;border-spacing:1em .2em;margin-left:-1em"
