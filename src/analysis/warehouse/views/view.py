"""The SQL views of a project: ``data/sql/<schema>/<view>.sql``, each one SELECT."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.errors import Location, ViewError
from analysis.project import Project, Yaml
from analysis.project.project import read_text
from analysis.warehouse.declared.sources import NAME
from analysis.warehouse.sql import identifier
from analysis.warehouse.views.header import ViewHeader, read_header

FOLDER = "data/sql"
RESERVED = frozenset({"raw", "meta", "main", "temp", "information_schema", "pg_catalog"})


@dataclass(frozen=True)
class View:
    """A view's ``name`` with its schema, its file relative to the project, and its SQL text.

    ``header`` is what its first comment declares; ``places`` locates the keys of it.
    """

    name: str
    path: str
    text: str
    header: ViewHeader
    places: Yaml

    @property
    def schema(self) -> str:
        """Give the schema, which is the name of the file's folder."""
        return self.name.partition(".")[0]

    @property
    def quoted(self) -> str:
        """Give the name as SQL."""
        return ".".join(identifier(part) for part in self.name.split("."))


@dataclass(frozen=True)
class Reference:
    """A relation that a view names, and the line where it does."""

    name: str
    line: int


def find_views(project: Project) -> tuple[View, ...]:
    """Read the SQL files of the project, sorted by the name of their views.

    Raises
    ------
    ViewError
        A file lies in the wrong folder, or its name cannot be the name of a view.
    """
    root = project.root
    paths = sorted((root / FOLDER).rglob("*.sql"))
    return tuple(_read(path.relative_to(root).as_posix(), project) for path in paths)


def _read(path: str, project: Project) -> View:
    parts = path.removeprefix(f"{FOLDER}/").removesuffix(".sql").split("/")
    if len(parts) != 2:
        raise ViewError(
            "a view lies in the folder that is its schema",
            Location(path),
            f"move it to {FOLDER}/<schema>/{parts[-1]}.sql",
        )
    if parts[0] in RESERVED or not all(NAME.fullmatch(part) for part in parts):
        raise ViewError(
            f"`{'.'.join(parts)}` cannot be the name of a view",
            Location(path),
            "use small letters, digits and _ in both names, a letter first; "
            f"{', '.join(sorted(RESERVED))} are taken",
        )
    text = read_text(project.root / path, path)
    return View(".".join(parts), path, text, *read_header(text, path))


def in_order(
    views: Iterable[View],
    named: Mapping[str, tuple[Reference, ...]],
    tables: Iterable[str],
) -> tuple[View, ...]:
    """Sort views so that each stands after those it reads; ``named`` are the references of each.

    Raises
    ------
    ViewError
        Views read each other in a circle, or one reads a relation that does not exist.
    """
    by_name = {view.name: view for view in views}
    known = {*by_name, *tables}
    ordered: dict[str, View] = {}

    def visit(name: str, trail: tuple[Reference, ...]) -> None:
        for reference in named[name]:
            if reference.name not in known:
                raise _unknown(by_name[name], reference, known)
            if reference.name in by_name and reference.name not in ordered:
                _check_circle(reference, (*trail, Reference(name, reference.line)), by_name)
                visit(reference.name, (*trail, Reference(name, reference.line)))
        ordered[name] = by_name[name]

    for name in by_name:
        if name not in ordered:
            visit(name, ())
    return tuple(ordered.values())


def _check_circle(
    next_: Reference, trail: tuple[Reference, ...], by_name: Mapping[str, View]
) -> None:
    names = [step.name for step in trail]
    if next_.name not in names:
        return
    circle = trail[names.index(next_.name) :]
    drawn = " → ".join([*(step.name for step in circle), next_.name])
    raise ViewError(
        f"views read each other in a circle: {drawn}",
        Location(by_name[circle[-1].name].path, circle[-1].line),
        "take one of these steps out of the circle",
    )


def _unknown(view: View, reference: Reference, known: Iterable[str]) -> ViewError:
    close = difflib.get_close_matches(reference.name, sorted(known), n=1, cutoff=0.5)
    return ViewError(
        f"there is no relation `{reference.name}`",
        Location(view.path, reference.line),
        f"did you mean `{close[0]}`?" if close else "declare a source, or write that view",
    )
