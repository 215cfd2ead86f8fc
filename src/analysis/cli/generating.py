"""Pages that templates make of the warehouse's rows, before any document is read."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import AnalysisError, ProjectError
from analysis.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.documents.generated.existing import TemplateState
    from analysis.documents.generated.planned import Answer
    from analysis.documents.generated.template import Template


def with_generated_pages(project: Project) -> Project:
    """Write the pages of the project's templates, and give the project as it is then.

    Raises
    ------
    DocumentError
        A template is wrong, or a page of it would take the place of another document.
    ViewError
        DuckDB refuses the query of a template.
    ProjectError
        There are templates, and no warehouse.
    """
    from analysis.documents.generated.template import find_templates
    from analysis.documents.generated.writing import Written, write_pages

    templates = find_templates(project)
    written = write_pages(project, templates, {t.source: _plan(project, t) for t in templates})
    if written == Written():
        return project
    _tell(len(written.new) + len(written.changed), written.removed)
    return replace(project)  # what was listed of the old one no longer holds


def template_states(project: Project) -> list[TemplateState]:
    """Compare the project's templates with the pages that they have made.

    Only rows that come with runs of experiments are asked for: others change by an ingest.
    """
    from analysis.documents.generated.existing import generated_pages, template_state, with_rows
    from analysis.documents.generated.template import find_templates

    templates = find_templates(project)
    pages = generated_pages(project) if templates else {}
    found = []
    for template in templates:
        state = template_state(template, pages)
        if template.is_on_runs and project.warehouse.exists():
            with contextlib.suppress(AnalysisError):  # told where pages are written
                state = with_rows(state, _plan(project, template).keys())
        found.append(state)
    return found


def _plan(project: Project, template: Template) -> Mapping[str, str]:
    from analysis.documents.generated.planned import plan_pages

    return plan_pages(template, _answer(project, template))


def _answer(project: Project, template: Template) -> Answer:
    from analysis.documents.generated.planned import MOST_PAGES, Answer
    from analysis.warehouse.asking import ask

    if not project.warehouse.exists():
        raise ProjectError(
            "this document makes pages of the warehouse, which is not built yet",
            template.where,
            "declare the data in data/sources.yml, and run `analysis ingest`",
        )
    return Answer(*ask(project, template.query, template.where, MOST_PAGES + 1))


def _tell(written: int, removed: tuple[str, ...]) -> None:
    if written:
        print(f"wrote    {written} generated page{'s' * (written > 1)}", flush=True)
    for path in removed:
        print(f"removed  {path}: its row is gone", flush=True)
