"""What a document declares under ``analysis:``, read strictly."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from analysis.errors import AnalysisError, DocumentError, Location
from analysis.project import Project, Yaml, parse_yaml
from analysis.project.project import read_text

KEY = "analysis"
FOR_EACH = "for-each"
KEYS = ("inputs", "max-age", FOR_EACH)
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class Declared:
    """Patterns of files relative to the root, and how old a result may get: ``6h``.

    ``for_each`` is the query of which each row becomes a page.
    """

    inputs: tuple[str, ...] = ()
    max_age: str | None = None
    for_each: str | None = None


@dataclass(frozen=True)
class _Section:
    """The merged values, and the places where they may stand, the nearest first."""

    project: Project
    source: str
    values: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Yaml, ...] = ()

    def error(self, key: str | None, what: str, hint: str | None) -> DocumentError:
        return DocumentError(what, self.where(key), hint)

    def where(self, key: str | None) -> Location:
        keys = (KEY, key) if key else (KEY,)
        for place in self.places:
            if keys in place.lines:
                return place.where(*keys)
        return Location(self.source, 1)


def seconds(age: str) -> float:
    """Turn ``6h`` into seconds.

    Raises
    ------
    ValueError
        It is not a number with a unit.
    """
    found = _AGE.fullmatch(age)
    if not found:
        raise ValueError(age)
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]]).total_seconds()


def declared(
    project: Project, source: str, metadata: Mapping[str, Any], front: Yaml, files: Sequence[str]
) -> Declared:
    """Read the section from the merged ``metadata`` of a document.

    ``front`` is its own front matter, ``files`` the other metadata files: they locate mistakes.

    Raises
    ------
    DocumentError
        A key is unknown, or a value does not fit.
    """
    values = metadata.get(KEY)
    if values is None:
        return Declared()
    section = _Section(project, source, values, (front, *_parsed(project, files), project.config))
    if not isinstance(values, Mapping):
        raise section.error(None, "`analysis` is not keys with values", "write `max-age: 6h` in it")
    for key in values:
        if key not in KEYS:
            close = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(KEYS)}"
            raise section.error(str(key), f"unknown key `analysis: {key}`", hint)
    return Declared(_inputs(section), _max_age(section), _for_each(section))


def _parsed(project: Project, files: Sequence[str]) -> list[Yaml]:
    return [parse_yaml(read_text(project.root / name, name), name) for name in reversed(files)]


def _inputs(section: _Section) -> tuple[str, ...]:
    patterns = section.values.get("inputs", [])
    if not isinstance(patterns, list) or not all(isinstance(p, str) and p for p in patterns):
        raise section.error(
            "inputs",
            "`analysis: inputs` is not a list of file patterns",
            "write it as `inputs: [data/*.csv]`",
        )
    return tuple(_in_project(section, pattern) for pattern in patterns)


def _in_project(section: _Section, pattern: str) -> str:
    """Write a pattern relative to the root; ``/`` in front starts there already."""
    here = PurePosixPath("/", section.source).parent
    folder = PurePosixPath("/") if pattern.startswith("/") else here
    project = section.project
    try:
        path = project.inside(str(folder / pattern).lstrip("/"))
    except AnalysisError as error:
        raise section.error("inputs", error.what, "name files of the project only") from None
    return path.relative_to(project.root).as_posix()


def _max_age(section: _Section) -> str | None:
    age = section.values.get("max-age")
    if age is None:
        return None
    if not isinstance(age, str) or not _AGE.fullmatch(age):
        hint = "write a number with s, m, h, d or w: `max-age: 6h`"
        raise section.error("max-age", f"`max-age: {age}` is not a time", hint)
    return age.replace(" ", "")


def _for_each(section: _Section) -> str | None:
    query = section.values.get(FOR_EACH)
    if query is None:
        return None
    if not PurePosixPath(section.source).name.startswith("_"):
        raise section.error(
            FOR_EACH,
            "this document is a page itself, and makes none",
            "write `for-each` into a document whose name begins with `_`",
        )
    if not isinstance(query, str) or not query.strip():
        raise section.error(
            FOR_EACH, "`analysis: for-each` is not a query", "write `for-each: select name from …`"
        )
    return query
