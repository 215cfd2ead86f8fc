"""Where the pages of experiments, runs and views lie, seen from the page that runs."""

from __future__ import annotations

import glob
from pathlib import Path
from urllib.parse import quote

from analysis.documents.generated.naming import file_name
from analysis.project import find_project
from analysis.report.data.links import address
from analysis.report.html import Html, code, link


def experiment_link(experiment: str, content: object | None = None) -> Html:
    """Link to the page of an experiment."""
    return link(_beside(f"experiment.{experiment}"), content or experiment)


def run_link(experiment: str, run: str, content: object | None = None) -> Html:
    """Link to the page of a run."""
    return link(run_address(experiment, run), content or code(run, whole=True))


def run_address(experiment: str, run: str) -> str | None:
    """Give the address of the page of a run, if it has one."""
    return _beside(f"run.{experiment}.{run}")


def view_link(name: str) -> Html:
    """Link to the page of a view, which lies in a folder beside that of the page that runs."""
    here = Path.cwd().resolve()
    found = sorted(here.parent.glob(f"*/{glob.escape(name)}.qmd"))
    root = find_project(here).root
    page = address(found[0].relative_to(root).as_posix()) if found else None
    return link(page, code(name))


def _beside(page: str) -> str | None:
    try:
        document = file_name(page)
    except ValueError:
        return None
    return quote(f"{document[:-4]}.html") if Path(document).exists() else None
