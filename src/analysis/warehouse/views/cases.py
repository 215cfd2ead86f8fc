"""Tests of views as data: ``tests/sql/<schema>.<view>.yml``, a list of cases."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analysis.errors import Location, ViewError
from analysis.project import Project, Yaml, parse_yaml, strict
from analysis.project.project import read_text
from analysis.project.yamlfile import Key

FOLDER = "tests/sql"
SUFFIXES = (".yml", ".yaml")

Row = Mapping[str, Any]


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    given: Mapping[str, tuple[Row, ...]] = Field(default_factory=dict)
    expect: tuple[Row, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Case:
    """One case of ``view``: with the rows that are ``given``, it has those that we ``expect``.

    ``given`` is by relation. ``places`` locates the keys of the case.
    """

    view: str
    name: str
    given: Mapping[str, tuple[Row, ...]]
    expect: tuple[Row, ...]
    ordered: bool
    places: Yaml

    def where(self, *keys: Key) -> Location:
        """Locate the case, or a key in it."""
        return self.places.where(*keys)


def case_files(project: Project) -> Mapping[str, str]:
    """List the files with cases by the view that each names; paths are relative to the project."""
    folder = project.root / FOLDER
    paths = sorted(p for suffix in SUFFIXES for p in folder.glob(f"*{suffix}"))
    return {path.stem: path.relative_to(project.root).as_posix() for path in paths}


def read_cases(root: Path, path: str, views: Iterable[str]) -> tuple[Case, ...]:
    """Read the cases in the file at ``path``, relative to ``root``.

    Raises
    ------
    ProjectError, ViewError
        It is not a list of cases, or there is no view of its name among ``views``.
    """
    view = Path(path).stem
    check_view(view, views, Location(path))
    yaml = parse_yaml(read_text(root / path, path), path)
    if not isinstance(yaml.value, list) or not yaml.value:
        raise ViewError(
            "the tests of a view are a list of cases, and this file has none",
            Location(path, 1),
            "begin each case with `- name: …`, and say what is `given` and what we `expect`",
        )
    found = tuple(_read(view, index, yaml) for index in range(len(yaml.value)))
    _check_names(found)
    return found


def check_view(view: str, views: Iterable[str], where: Location | None) -> None:
    """See that there is a view of this name.

    Raises
    ------
    ViewError
        There is none.
    """
    known = sorted(views)
    if view not in known:
        close = difflib.get_close_matches(view, known, n=1, cutoff=0.5)
        raise ViewError(
            f"there is no view `{view}`",
            where,
            f"did you mean `{close[0]}`?" if close else "write views with their schema",
        )


def _read(view: str, index: int, yaml: Yaml) -> Case:
    """Read one case; keys are located within it."""
    lines = {keys[1:]: line for keys, line in yaml.lines.items() if keys[:1] == (index,)}
    own = Yaml(yaml.path, yaml.value[index], lines)
    case = strict(own, _Case)
    return Case(view, case.name, case.given, case.expect, case.ordered, own)


def _check_names(cases: tuple[Case, ...]) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            raise ViewError(
                f"there are two cases `{case.name}`",
                case.where("name"),
                "give each case a name of its own",
            )
        seen.add(case.name)
