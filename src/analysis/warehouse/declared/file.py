"""Reading ``data/sources.yml``."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from analysis.errors import ProjectError
from analysis.project import Project, parse_yaml, strict
from analysis.project.model import Strict
from analysis.project.project import SOURCES, read_text
from analysis.warehouse.declared.checking import check
from analysis.warehouse.declared.sources import Source, Sources


class _File(Strict):
    sources: Mapping[str, Source] = Field(default_factory=dict)


def read_sources(project: Project) -> Sources:
    """Read the project's ``data/sources.yml``.

    Raises
    ------
    ProjectError
        It is missing, or something in it is wrong; with file and line.
    """
    path = project.root / SOURCES
    if not path.is_file():
        raise ProjectError(
            f"there is no {SOURCES}, so there is nothing to ingest",
            hint=f"declare the project's raw data in {SOURCES}",
        )
    yaml = parse_yaml(read_text(path, SOURCES), SOURCES)
    sources = Sources(strict(yaml, _File).sources, yaml)
    check(sources)
    return sources
