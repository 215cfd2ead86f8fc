"""Whether the runs of an experiment are still of the data that is there now."""

from __future__ import annotations

from pathlib import Path

from analysis.lineage import note, read_relations, unobserved
from analysis.lineage.runs import changed, read_experiment
from analysis.project import find_project
from analysis.report.experiments.notice import notice
from analysis.report.html import Html, code, join
from analysis.report.palette import WARM

_SHOWN = 3


def outdated(name: str) -> Html | None:
    """Say that columns changed since the current runs were made, if they did.

    A page that says so, or does not, depends on the relations that they were trained on.
    """
    project = find_project(Path.cwd())
    with unobserved():
        tried, relations = read_experiment(project, name), read_relations(project)
    for relation in tried.relations():
        note("relation", relation)
    columns = changed(tried, relations) if relations else ()
    if not columns:
        return None
    more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
    said = [join(map(code, columns[:_SHOWN]), ", "), f"{more}. The numbers below are of before; "]
    again = code(f"analysis experiment run {name}")
    return notice(WARM, "The data changed since these runs", join([*said, again, " renews them."]))
