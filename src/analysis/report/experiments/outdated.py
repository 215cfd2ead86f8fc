"""Whether the runs of an experiment are of the data and of what is declared now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.lineage import note, read_relations, unobserved
from analysis.lineage.runs import Tried, changed, read_experiment
from analysis.project import Project, find_project
from analysis.project.project import EXPERIMENTS, mark_of_yaml
from analysis.report.experiments.notice import notice
from analysis.report.html import Html, code, join
from analysis.report.palette import WARM

_SHOWN = 3


def outdated(name: str) -> Html | None:
    """Say that columns or the declaration changed since the current runs were made, if they did.

    A page that says so, or does not, depends on the relations that they were trained on, and on
    what is declared.
    """
    project = find_project(Path.cwd())
    with unobserved():
        tried = read_experiment(project, name)
        notices = [*_declaration(project, tried), *_data(project, tried)]
    return join(notices) if notices else None


def _declaration(project: Project, tried: Tried) -> Iterator[Html]:
    file = f"{EXPERIMENTS}/{tried.name}.yml"
    note("yaml", file)
    # Runs of before this was written down do not tell.
    if tried.declaration and mark_of_yaml(project, file) != tried.declaration:
        said = [code(file), " says something else by now; ", _again(tried), " makes what it wants."]
        yield notice(WARM, "The declaration changed since these runs", join(said))


def _data(project: Project, tried: Tried) -> Iterator[Html]:
    for relation in tried.relations():
        note("relation", relation)
    relations = read_relations(project)
    columns = changed(tried, relations) if relations else ()
    if columns:
        more = f" and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else ""
        said = [
            join(map(code, columns[:_SHOWN]), ", "),
            f"{more}. The numbers below are of before; ",
        ]
        again = [_again(tried), " renews them."]
        yield notice(WARM, "The data changed since these runs", join([*said, *again]))


def _again(tried: Tried) -> Html:
    return code(f"analysis experiment run {tried.name}")
