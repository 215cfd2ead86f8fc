"""Where a source's files lie on this machine, and what to call them in messages."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from analysis.errors import Location, ProjectError, SourceError
from analysis.project import Project
from analysis.warehouse.declared.sources import Source, Sources

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Place:
    """A source's file: its ``path`` here, and its ``label``, which is the same on every machine."""

    path: Path
    label: str


def locate(name: str, sources: Sources, project: Project) -> tuple[Place, ...]:
    """Find the files of the source ``name``, in the order in which they are declared.

    A pattern stands for the files that fit it, sorted; a folder for all Parquet files below it. A
    source that does not come from files has none.

    Raises
    ------
    ProjectError
        A path leads out of the project or of the installed packages.
    SourceError
        A file is missing or empty, or the distribution is not installed.
    """
    source = sources.by_name[name]
    places = [place for path in source.path for place in _find(name, path, sources, project)]
    for place in places:
        _check_file(name, place, sources)
    return tuple(places)


def _find(name: str, path: str, sources: Sources, project: Project) -> Iterator[Place]:
    source = sources.by_name[name]
    if source.distribution:
        yield Place(_in_distribution(name, source.distribution, path, sources, project), path)
        return
    base = project.inside(path, "sources", name, "path", source=sources.yaml)
    found = [base]
    if _MAGIC.search(path):
        found = sorted(f for f in project.root.glob(path) if f.is_file() and f.name[0] != ".")
    elif base.is_dir():
        found = sorted(f for f in base.rglob("*.parquet") if f.is_file() and _is_data(f, base))
    if not found:
        raise SourceError(
            f"no file of the source `{name}` fits {path}",
            sources.where(name, "path"),
            "put the files there, or correct `path`",
        )
    for file in found:
        if not file.resolve().is_relative_to(project.root):
            raise ProjectError(
                f"`{file.relative_to(project.root).as_posix()}` is a link that leads out of the "
                "project",
                sources.where(name, "path"),
                "copy the file into the project",
            )
        yield Place(file, file.relative_to(project.root).as_posix())


def _is_data(file: Path, base: Path) -> bool:
    """Leave out what a program that was stopped has left, which Spark and others call ``_…``."""
    parts = file.relative_to(base).parts
    return not any(part.startswith((".", "_")) and "=" not in part for part in parts)


def _check_file(name: str, place: Place, sources: Sources) -> None:
    if not place.path.is_file():
        raise SourceError(
            f"the file of the source `{name}` is missing: {place.label}",
            sources.where(name, "path"),
            "put it there, or correct `path`",
        )
    if not place.path.stat().st_size:
        raise SourceError(
            f"the file of the source `{name}` is empty: {place.label}",
            sources.where(name, "path"),
            "get it again from where it came from",
        )


def _in_distribution(name: str, wanted: str, path: str, sources: Sources, project: Project) -> Path:
    try:
        installed = distribution(wanted)
    except (PackageNotFoundError, ValueError):
        raise SourceError(
            f"the distribution `{wanted}` is not installed",
            sources.where(name, "distribution"),
            f"pip install {_requirement(wanted, project)}",
        ) from None
    tidy = PurePosixPath(os.path.normpath(path))
    if tidy.is_absolute() or ".." in tidy.parts:
        raise ProjectError(
            f"`{path}` lies outside the installed packages",
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


def unreadable(place: Place, error: OSError) -> SourceError:
    """Make the error for a file that the system does not let us read."""
    return SourceError(f"this file cannot be read: {error.strerror}", Location(place.label))


def reader_name(source: Source) -> str:
    """Name the format of the source's files: that of its kind, or by how their names end."""
    if source.kind == "package" or (source.kind == "url" and source.format is None):
        text = source.url or (source.path[0] if source.path else "")
        return _BY_SUFFIX.get(_suffix(text), "csv")
    return source.format or source.kind


def _suffix(path: str) -> str:
    name = PurePosixPath(path.partition("?")[0]).name.lower()
    return PurePosixPath(re.sub(r"\.(gz|zip)$", "", name)).suffix


_BY_SUFFIX = {
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "excel",
}
