"""``analysis status``: which pages are fresh, stale, failed or never run, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.documents.generated.existing import TemplateState
    from analysis.documents.staleness import PageState
    from analysis.lineage import Reason

_SHOWN = 3
_ORDER = ("failed", "stale", "never", "fresh")  # what needs a look first
_LONGEST = 12
_SAID = {
    "unwritten": "has no pages yet",
    "changed": "changed since its pages were written",
    "others": "makes other pages now ({new} new, {gone} gone)",
}


def status(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    why: Annotated[
        str | None, typer.Option("--why", metavar="PAGE", help="Print each reason of one page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the pages by state, with the reasons why they would run.

    Example: analysis status --why chapters/weather.qmd
    """
    from analysis.cli.generating import template_states
    from analysis.cli.workflow import choose
    from analysis.documents.fingerprints import Fingerprints
    from analysis.documents.staleness import state_of
    from analysis.project import find_project

    project = find_project(folder)
    now = Fingerprints(project)
    states = [state_of(now, source) for source in choose(project, [why] if why else [])]
    now.files.save()
    templates = template_states(project)
    if as_json:
        _print_json(states, templates)
    elif why:
        for state in states:
            _print_reasons(state)
    else:
        _print_table(states)
        _print_templates(templates)


def _print_json(states: list[PageState], templates: list[TemplateState]) -> None:
    import json

    content: dict[str, Any] = {"pages": [_record(state) for state in states]}
    if templates:
        content["templates"] = [
            {"template": t.template, "state": t.state, "pages": list(t.pages)} for t in templates
        ]
    print(json.dumps(content, indent=2))


def _record(state: PageState) -> dict[str, Any]:
    reasons = [{"kind": r.kind, "id": r.id, "then": r.then, "now": r.now} for r in state.reasons]
    return {"page": state.source, "state": state.state, "reasons": reasons}


def _print_reasons(state: PageState) -> None:
    print(f"{state.source} is {state.state}")
    for reason in state.reasons:
        print(f"  {reason}")
        if reason.then or reason.now:
            print(f"    then {_short(reason.then)}, now {_short(reason.now)}")
    if state.failure:
        print(
            f"  failed since {state.failure.since} at {state.failure.where}: {state.failure.what}"
        )


def _short(value: str | None) -> str:
    if value is None:
        return "absent"
    is_digest = len(value) == 32 and " " not in value and "/" not in value
    return value[:_LONGEST] if is_digest else value


def _print_table(states: list[PageState]) -> None:
    width = max((len(state.source) for state in states), default=0)
    for state in sorted(states, key=lambda s: (_ORDER.index(s.state), s.source)):
        print(f"{state.state:<7} {state.source:<{width}}  {_reasons(state.reasons)}".rstrip())
    counts = Counter(str(state.state) for state in states)
    print(", ".join(f"{counts[name]} {name}" for name in _ORDER if counts[name]) or "no pages")


def _print_templates(templates: list[TemplateState]) -> None:
    for one in templates:
        if one.state in _SAID:
            new, gone = len(one.new), len(one.gone)
            said = _SAID[one.state].format(new=new, gone=gone)
            print(f"{one.template} {said}: `analysis run` writes them")


def _reasons(reasons: tuple[Reason, ...]) -> str:
    shown = "; ".join(str(reason) for reason in reasons[:_SHOWN])
    more = len(reasons) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
