"""``{{< include file >}}``: expansion that remembers the file and line of every line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.errors import DocumentError, Location
from analysis.project import Project
from analysis.project.project import read_text

_INCLUDE = re.compile(r"""^\s*\{\{< include\s+(?:"([^"]*)"|'([^']*)'|([^"'\s]+))\s*>\}\}\s*$""")
_NO_FILE = re.compile(r"^\s*\{\{< include\s*>\}\}\s*$")


@dataclass(frozen=True)
class Line:
    """One line of an expanded document, without its end, and where it came from."""

    text: str
    where: Location


def lines_of(text: str, path: str) -> list[Line]:
    """Split the text of the file at ``path``."""
    return [
        Line(line, Location(path, number))
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1)
    ]


def expand(project: Project, source: str, text: str) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Put the included files into the text of ``source``.

    Paths are relative to the folder of ``source``, also those in an included file, as in Quarto;
    a leading ``/`` means the project's root.

    Returns
    -------
    The lines, and the included files relative to the root, each once, in order of appearance.

    Raises
    ------
    DocumentError
        A file is missing, lies outside the project, or includes itself.
    """
    included: dict[str, None] = {}
    lines = tuple(_expanded(project, lines_of(text, source), (source,), included))
    return lines, tuple(included)


def _expanded(
    project: Project, lines: list[Line], trail: tuple[str, ...], included: dict[str, None]
) -> Iterator[Line]:
    for line in lines:
        match = _INCLUDE.match(line.text)
        if match:
            name = next(group for group in match.groups() if group is not None)
            path = _resolve(project, name, trail, line.where)
            included[path] = None
            yield from _expanded(project, _read(project, path, line), (*trail, path), included)
        elif _NO_FILE.match(line.text):
            raise DocumentError(
                "this include names no file", line.where, "write {{< include file.qmd >}}"
            )
        else:
            yield line


def _resolve(project: Project, name: str, trail: tuple[str, ...], where: Location) -> str:
    folder = "" if name.startswith("/") else str(PurePosixPath(trail[0]).parent)
    path = PurePosixPath(os.path.normpath(PurePosixPath(folder, name.lstrip("/"))))
    if path.parts[:1] == ("..",):
        raise DocumentError(
            f"`{name}` lies outside the project", where, "include files below the project's folder"
        )
    if str(path) in trail:
        circle = " → ".join((*trail[trail.index(str(path)) :], str(path)))
        raise DocumentError(
            f"this include goes round in a circle: {circle}", where, "take one of them out"
        )
    if not (project.root / path).is_file():
        raise DocumentError(
            f"there is no file `{name}` to include",
            where,
            f"looked for {path}; paths are relative to {trail[0]}",
        )
    return str(path)


def _read(project: Project, path: str, line: Line) -> list[Line]:
    """Read an included file; like Quarto, end it with an empty line."""
    text = read_text(project.root / path, path)
    lines = lines_of(text, path)
    return [*lines, Line("", Location(path, len(lines)))]
