"""The page of services: the same checks as ``analysis doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.project import find_project
from analysis.report.data.layout import WIDE, badge, html_table, wide
from analysis.report.html import Html, join, prose, tag
from analysis.report.palette import CATEGORIES, WARM
from analysis.report.services.service import Service, State
from analysis.report.services.services import services

if TYPE_CHECKING:
    import great_tables

_COLOURS = {
    State.OK: CATEGORIES[2],
    State.WARNING: CATEGORIES[1],
    State.MISSING: CATEGORIES[6],
    State.BROKEN: WARM,
}
_WORDS = {State.MISSING: "not set up"}


def service_table() -> great_tables.GT:
    """Check the nine services now, and show what provides each of them."""
    found = [
        {
            "name": join([tag("strong", service.name), tag("div", service.purpose)]),
            "provider": wide(service.provider),
            "state": badge(_WORDS.get(service.state, service.state), _COLOURS[service.state]),
            "said": _found(service),
        }
        for service in services(find_project(Path.cwd()))
    ]
    return html_table(
        found, {"name": "Service", "state": "Check", "said": "Found", "provider": "Provided by"}
    )


def _found(service: Service) -> Html:
    hint = tag("div", prose(service.found.hint), style="opacity:.75")
    return tag("div", prose(service.found.said), hint, style=WIDE)
