"""Where the pages of relations and documents lie, seen from the page that runs."""

from __future__ import annotations

import glob
import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from analysis.documents.generated.naming import file_name
from analysis.project import find_project
from analysis.report.html import Html, code, link


def address(document: str) -> str:
    """Give the address of a document's page, relative to the page that runs."""
    here = Path.cwd().resolve()
    page = find_project(here).root / PurePosixPath(document).with_suffix(".html")
    return quote(os.path.relpath(page, here).replace(os.sep, "/"))


def relation_address(name: str) -> str | None:
    """Give the address of a relation's page; it lies beside the page that runs, if there is one."""
    # Not Path.with_suffix: `raw.flights` has none.
    return quote(f"{name}.html") if Path(f"{name}.qmd").exists() else None


def relation_link(name: str) -> Html:
    """Link to the page of a relation."""
    return link(relation_address(name), code(name, whole=True))


def generated_address(page: str) -> str | None:
    """Give the address of a generated page, in or beside the folder of the page that runs."""
    here = Path.cwd().resolve()
    try:
        document = file_name(page)
    except ValueError:
        return None
    found = sorted(here.parent.glob(f"*/{glob.escape(document)}"))
    return address(found[0].relative_to(find_project(here).root).as_posix()) if found else None


def experiment_link(name: str) -> Html:
    """Link to the page of an experiment."""
    return link(generated_address(f"experiment.{name}"), name)
