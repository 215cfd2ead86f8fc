"""``analysis doctor``: whether what the project stands on works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.report.services.extras import Extra
    from analysis.report.services.service import Finding, Service


def doctor(
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Check the nine services of a data-science project and its models, and say what to do.

    Changes nothing. Ends with exit code 1 if something is broken.

    Example: analysis doctor
    """
    from analysis.errors import ExitCode
    from analysis.project import find_project
    from analysis.report.services.extras import extras
    from analysis.report.services.models import check_models
    from analysis.report.services.service import State
    from analysis.report.services.services import services

    project = find_project(folder)
    found, models = services(project), check_models(project)
    optional = extras()
    if as_json:
        _print_json(found, models, optional)
    else:
        _print_services(found)
        _print_models(models)
        _print_extras(optional)
    states = [*(service.state for service in found), *(one.state for one in models.values())]
    if State.BROKEN in states:
        raise typer.Exit(ExitCode.SOME_FAILED)


def _print_json(
    found: Sequence[Service], models: Mapping[str, Finding], optional: Sequence[Extra]
) -> None:
    import json

    values = {
        "services": [
            {
                "name": service.name,
                "provider": service.provider,
                "state": str(service.state),
                "said": service.found.said,
                "hint": service.found.hint,
            }
            for service in found
        ],
        "models": [
            {"name": name, "state": str(one.state), "said": one.said, "hint": one.hint}
            for name, one in models.items()
        ],
        "extras": [
            {"name": e.name, "installed": e.installed, "missing": list(e.missing)} for e in optional
        ],
    }
    print(json.dumps(values, indent=2))


def _print_services(found: Sequence[Service]) -> None:
    width = max(len(service.name) for service in found)
    for service in found:
        print(f"{service.state:<8} {service.name:<{width}}  {service.found.said}")
        if service.found.hint:
            print(f"{'':<8} {'':<{width}}  → {service.found.hint}")


def _print_models(models: Mapping[str, Finding]) -> None:
    if models:
        print("\nmodels")
    width = max(map(len, models), default=0)
    for name, one in models.items():
        print(f"{one.state:<8} {name:<{width}}  {one.said}")
        if one.hint:
            print(f"{'':<8} {'':<{width}}  → {one.hint}")


def _print_extras(optional: Sequence[Extra]) -> None:
    print("\nextras")
    for extra in optional:
        state = "ok" if extra.installed else "-"
        left = "" if extra.installed else f" (not installed: {', '.join(extra.missing)})"
        print(f"{state:<8} {extra.name:<9} {extra.purpose}{left}")
