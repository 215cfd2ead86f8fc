"""``analysis status``: which pages are fresh, stale, failed or never run, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.documents.staleness import PageState


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
    from analysis.cli.workflow import choose, read_documents
    from analysis.documents.fingerprints import Fingerprints
    from analysis.documents.staleness import state_of
    from analysis.project import find_project

    project = find_project(folder)
    documents = read_documents(project, choose(project, [why] if why else []))
    now = Fingerprints(project)
    states = [(d.source, state_of(project, d, now)) for d in documents]
    if as_json:
        print(json.dumps({"pages": [_record(*state) for state in states]}, indent=2))
    elif why:
        _print_reasons(*states[0])
    else:
        _print_table(states)


def _record(source: str, state: PageState) -> dict[str, object]:
    reasons = [{"kind": r.kind, "id": r.id, "then": r.then, "now": r.now} for r in state.reasons]
    return {"page": source, "state": state.state, "reasons": reasons}


def _print_reasons(source: str, state: PageState) -> None:
    print(f"{source} is {state.state}")
    for reason in state.reasons:
        print(f"  {reason}: {reason.then or '-'} → {reason.now or '-'}")


def _print_table(states: list[tuple[str, PageState]]) -> None:
    width = max((len(source) for source, _ in states), default=0)
    for source, state in states:
        reasons = ", ".join(str(reason) for reason in state.reasons[:3])
        more = f" and {len(state.reasons) - 3} more" if len(state.reasons) > 3 else ""
        print(f"{state.state:<7} {source:<{width}}  {reasons}{more}".rstrip())
