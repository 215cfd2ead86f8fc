"""Metadata of a document: front matter over ``_metadata.yml`` files over ``_quarto.yml``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.errors import DocumentError, Location, ProjectError
from analysis.project import Project, Yaml, parse_yaml
from analysis.project.project import read_text

_NAMES = ("_metadata.yml", "_metadata.yaml")
# One name stands for a list of one, so that lists of several levels can be joined.
_LISTS = (
    "bibliography",
    "css",
    "header-includes",
    "include-before",
    "include-after",
    "include-in-header",
    "include-before-body",
    "include-after-body",
)
# Parts of `_quarto.yml` that belong to the site and not to its pages.
_SITE = ("project", "website", "book")


def front_matter(text: str, where: Location) -> Yaml:
    """Parse the front matter, given with its ``---`` lines.

    Raises
    ------
    DocumentError
        It is not a YAML mapping; with the line in the file.
    """
    inner = "\n".join(text.split("\n")[1:-1])
    try:
        parsed = parse_yaml(inner, where.path, (where.line or 1) + 1)
    except ProjectError as error:
        raise DocumentError(f"in the front matter, {error.what}", error.where, error.hint) from None
    if parsed.value is not None and not isinstance(parsed.value, dict):
        raise DocumentError(
            "the front matter is not keys with values", where, "write it as `key: value`"
        )
    return parsed


def merged(
    project: Project, source: str, front: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Merge all metadata that counts for ``source``.

    Options of ``format: html`` count as if they stood at the top level of their file. Paths in
    a file that name something existing become relative to the folder of ``source``.

    Returns
    -------
    The metadata, and the files other than ``_quarto.yml`` that it came from.
    """
    folder = PurePosixPath(source).parent
    site = {key: project.metadata[key] for key in _SITE if key in project.metadata}
    pages = {key: value for key, value in project.metadata.items() if key not in _SITE}
    files: list[str] = []
    levels = list(_with_files(project, pages, PurePosixPath("."), folder, files))
    for name in _folder_files(project, folder):
        files.append(name)
        value = _read_mapping(project, name)
        levels += _with_files(project, value, PurePosixPath(name).parent, folder, files)
    levels += _with_files(project, front, folder, folder, files)
    result: dict[str, Any] = site
    for level in levels:
        result = merge(result, flattened(level))
    result.pop("project", None)
    return result, tuple(files)


def flattened(level: Mapping[str, Any]) -> dict[str, Any]:
    """Lift the options of ``format: html`` to the top level."""
    formats = level.get("format")
    if isinstance(formats, str):
        formats = {formats: {}}
    if not isinstance(formats, Mapping):
        return _lists(level)
    formats = {
        name: options if isinstance(options, Mapping) else {}
        for name, options in formats.items()
        if options is not None and options is not False
    }
    return merge(_lists({**level, "format": formats}), _lists(formats.get("html", {})))


def merge(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Merge as Quarto does: mappings by key, lists joined, else ``high`` wins."""
    result = dict(low)
    for key, value in high.items():
        result[key] = _merged_value(key, low[key], value) if key in low else value
    return result


def _merged_value(key: str, low: Any, high: Any) -> Any:
    if key == "tbl-colwidths":
        return high
    if isinstance(low, Mapping) and isinstance(high, Mapping):
        return merge(low, high)
    if isinstance(low, list) or isinstance(high, list):
        return _joined(low, high)
    return high


def _joined(low: Any, high: Any) -> Any:
    if not low:
        return high
    if not high:
        return low
    both = (low if isinstance(low, list) else [low]) + (high if isinstance(high, list) else [high])
    return list({json.dumps(item, sort_keys=True, default=str): item for item in both}.values())


def _lists(level: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: [value] if key in _LISTS and isinstance(value, str) else value
        for key, value in level.items()
    }


def _folder_files(project: Project, folder: PurePosixPath) -> Iterator[str]:
    for place in (*reversed(folder.parents), folder):
        for name in _NAMES:
            if (project.root / place / name).is_file():
                yield str(place / name)
                break


def _with_files(
    project: Project,
    level: Mapping[str, Any],
    here: PurePosixPath,
    folder: PurePosixPath,
    files: list[str],
) -> Iterator[dict[str, Any]]:
    """Give a level and, before it, the ``metadata-files`` that it names."""
    named = [level.get("metadata-file"), *(level.get("metadata-files") or [])]
    for name in [str(item) for item in named if item]:
        path = str(PurePosixPath(os.path.normpath(here / name)))
        if path.startswith("..") or not (project.root / path).is_file():
            continue
        files.append(path)
        yield _relative(_read_mapping(project, path), project.root / here, here, folder)
    yield dict(level) if here == folder else _relative(level, project.root / here, here, folder)


def _read_mapping(project: Project, name: str) -> dict[str, Any]:
    parsed = parse_yaml(read_text(project.root / name, name), name)
    if parsed.value is None:
        return {}
    if not isinstance(parsed.value, dict):
        raise ProjectError(f"{name} is not a mapping", Location(name, 1))
    return parsed.value


def _relative(value: Any, base: Path, here: PurePosixPath, folder: PurePosixPath) -> Any:
    if isinstance(value, Mapping):
        return {key: _relative(item, base, here, folder) for key, item in value.items()}
    if isinstance(value, list):
        return [_relative(item, base, here, folder) for item in value]
    if isinstance(value, str) and value and not value.startswith("/") and _exists(base / value):
        path = os.path.relpath(PurePosixPath("/", here, value), PurePosixPath("/", folder))
        return PurePosixPath(path).as_posix() if value != "." else value
    return value


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # not a file name at all: too long, or odd characters
        return False
