"""Where a source's file lies on this machine, and what to call it in messages."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from analysis.errors import Location, ProjectError, SourceError
from analysis.files import digest, digest_file
from analysis.project import Project
from analysis.warehouse.declared.sources import Source, Sources


@dataclass(frozen=True)
class Place:
    """A source's file: its ``path`` here, and its ``label``, which is the same on every machine."""

    path: Path
    label: str


def locate(name: str, sources: Sources, project: Project) -> Place:
    """Find the file of the source ``name``.

    Raises
    ------
    ProjectError
        Its path leads out of the project or of the installed packages.
    SourceError
        The file is missing or empty, or the distribution is not installed.
    """
    source = sources.by_name[name]
    if source.kind == "package":
        path = _in_distribution(name, source, sources, project)
    else:
        path = _in_project(name, source, sources, project)
    if not path.is_file():
        raise SourceError(
            f"the file of the source `{name}` is missing: {source.path}",
            sources.where(name, "path"),
            "put it there, or correct `path`",
        )
    if not path.stat().st_size:
        raise SourceError(
            f"the file of the source `{name}` is empty: {source.path}",
            sources.where(name, "path"),
            "get it again from where it came from",
        )
    return Place(path, source.path)


def content_digest(source: Source, place: Place) -> str:
    """Fingerprint the file, together with how it is to be read.

    Raises
    ------
    SourceError
        The file may not be read.
    """
    try:
        content = digest_file(place.path)
    except OSError as error:
        raise SourceError(
            f"this file cannot be read: {error.strerror}", Location(place.label)
        ) from None
    return digest(f"{content} {source.reading()}".encode())


def _in_project(name: str, source: Source, sources: Sources, project: Project) -> Path:
    path = project.inside(source.path, "sources", name, "path", source=sources.yaml)
    if not path.resolve().is_relative_to(project.root):
        raise ProjectError(
            f"`{source.path}` is a link that leads out of the project",
            sources.where(name, "path"),
            "copy the file into the project",
        )
    return path


def _in_distribution(name: str, source: Source, sources: Sources, project: Project) -> Path:
    assert source.distribution is not None
    try:
        installed = distribution(source.distribution)
    except (PackageNotFoundError, ValueError):
        raise SourceError(
            f"the distribution `{source.distribution}` is not installed",
            sources.where(name, "distribution"),
            f"pip install {_requirement(source.distribution, project)}",
        ) from None
    tidy = PurePosixPath(os.path.normpath(source.path))
    if tidy.is_absolute() or ".." in tidy.parts:
        raise ProjectError(
            f"`{source.path}` lies outside the installed packages",
            sources.where(name, "path"),
            "use a path inside the distribution, without `..`",
        )
    return Path(str(installed.locate_file(str(tidy))))


def _requirement(name: str, project: Project) -> str:
    """Say what to install: the project's own extra that has ``name``, or ``name`` itself."""
    try:
        text = (project.root / "pyproject.toml").read_text(encoding="utf-8")
        extras = tomllib.loads(text)["project"]["optional-dependencies"]
    except (OSError, ValueError, KeyError):
        return name
    for extra, requirements in extras.items():
        if any(re.match(rf"{re.escape(name)}(?![\w.-])", item) for item in requirements):
            return f"-e '.[{extra}]'"
    return name
