"""The generated pages that there are, and whether they are as their templates say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.documents.generated.marker import Marker, read_marker
from analysis.documents.generated.template import Template
from analysis.project import Project

_HEAD = 2000


class State(StrEnum):
    """Whether the pages of a template are as it says, as far as one knows without asking."""

    WRITTEN = "written"
    CHANGED = "changed"
    UNWRITTEN = "unwritten"
    OTHERS = "others"


@dataclass(frozen=True)
class TemplateState:
    """The state of a template, and the pages that it has made.

    Where its rows are known, ``new`` are pages that are not there yet, ``gone`` have no row.
    """

    template: str
    state: State
    pages: tuple[str, ...]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def generated_pages(project: Project) -> dict[str, Marker]:
    """Find the pages that were generated, with what each was made from."""
    found = ((source, marker_of(project, source)) for source in project.documents)
    return {source: marker for source, marker in found if marker}


def marker_of(project: Project, source: str) -> Marker | None:
    """Say from what a document was made; ``None`` if it is written by hand, or not there."""
    if not source.endswith(".qmd"):
        return None
    try:
        with (project.root / source).open(encoding="utf-8", errors="replace") as file:
            return read_marker(file.read(_HEAD))
    except OSError:
        return None


def template_state(template: Template, pages: Mapping[str, Marker]) -> TemplateState:
    """Compare a template with the generated ``pages`` that there are; its query is not asked."""
    own = {path: m.fingerprint for path, m in pages.items() if m.template == template.source}
    is_same = all(fingerprint == template.fingerprint for fingerprint in own.values())
    state = (State.WRITTEN if is_same else State.CHANGED) if own else State.UNWRITTEN
    return TemplateState(template.source, state, tuple(sorted(own)))


def with_rows(state: TemplateState, wanted: Collection[str]) -> TemplateState:
    """Compare the pages that a template has made with those ``wanted`` now."""
    new = tuple(sorted(set(wanted) - set(state.pages)))
    gone = tuple(sorted(set(state.pages) - set(wanted)))
    now = state.state
    if not (new or gone) and now is State.UNWRITTEN:
        now = State.WRITTEN
    elif (new or gone) and now is State.WRITTEN:
        now = State.OTHERS
    return replace(state, state=now, new=new, gone=gone)
