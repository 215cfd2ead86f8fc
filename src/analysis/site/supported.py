"""What the embedded renderer does not support in ``_quarto.yml``, named with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import PurePosixPath
from typing import Any

from analysis.project import Project, parse_yaml
from analysis.project.project import read_text
from analysis.project.yamlfile import Key
from analysis.site.body.known import without_effect

WEBSITE = frozenset(
    (
        "title",
        "description",
        "site-url",
        "favicon",
        "navbar",
        "sidebar",
        "page-footer",
        "search",
        "page-navigation",
        "back-to-top-navigation",
        "bread-crumbs",
        "body-header",
        "body-footer",
    )
)
NAVBAR = frozenset(("title", "logo", "logo-alt", "logo-href", "left", "right", "tools"))
SIDEBAR = frozenset(("id", "title", "style", "logo", "logo-alt", "collapse-level", "contents"))
_METADATA = ("_metadata.yml", "_metadata.yaml")
FOOTER = frozenset(("left", "center", "right"))


def unsupported(project: Project) -> tuple[str, ...]:
    """Give one warning for each key of the site that has no effect here."""
    return tuple(_warnings(project))


def _warnings(project: Project) -> Iterator[str]:
    website = _mapping(project.metadata, "website")
    yield from _unknown(project, website, WEBSITE, "website")
    yield from _unknown(project, _mapping(website, "navbar"), NAVBAR, "website", "navbar")
    sidebar = website.get("sidebar")
    for at, part in enumerate(sidebar if isinstance(sidebar, list) else [sidebar]):
        keys: tuple[Key, ...] = ("website", "sidebar")
        keys = (*keys, at) if isinstance(sidebar, list) else keys
        yield from _unknown(project, part if isinstance(part, dict) else {}, SIDEBAR, *keys)
    yield from _unknown(project, _mapping(website, "page-footer"), FOOTER, "website", "page-footer")
    search = _mapping(website, "search")
    yield from _unknown(project, search, frozenset(), "website", "search")
    yield from _formats(project)
    yield from _folders(project)


def _formats(project: Project) -> Iterator[str]:
    formats = project.metadata.get("format")
    if isinstance(formats, str):
        formats = {formats: None}
    for name in formats or {}:
        if name != "html":
            yield f"{project.config.where('format', name)}: only the format `html` is rendered"
    for path, what in without_effect(project.metadata):
        yield f"{project.config.where(*path)}: {what}"


def _folders(project: Project) -> Iterator[str]:
    """Look at the metadata that folders give to their documents."""
    folders = {folder for name in project.documents for folder in PurePosixPath(name).parents}
    for folder, name in sorted(product(folders, _METADATA)):
        path = (folder / name).as_posix()
        if (project.root / path).is_file():
            found = parse_yaml(read_text(project.root / path, path), path)
            for keys, what in without_effect(found.value):
                yield f"{found.where(*keys)}: {what}"


def _unknown(
    project: Project, value: Mapping[str, Any], known: frozenset[str], *keys: Key
) -> Iterator[str]:
    for key in value:
        if key not in known:
            name = ".".join(str(part) for part in (*keys, key) if isinstance(part, str))
            where = project.config.where(*keys, key)
            yield f"{where}: `{name}` has no effect in the embedded renderer"


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
