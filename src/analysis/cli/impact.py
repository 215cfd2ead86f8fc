"""``analysis impact``: what a change of a relation, file, module or package would re-run.

Of a column, it tells which columns come from it, and where they are read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.documents.impact import ColumnImpact, Impact, Lineage


def impact(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A relation, column, file, module or package.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the pages that a change would re-run, as far as their last runs tell.

    Of a column, list the columns of views that come from it, and the pages that read them.

    Example: analysis impact features.weather; analysis impact raw.weather.temp
    """
    from analysis.documents.impact import read_lineage
    from analysis.project import find_project

    project = find_project(folder)
    lineage = read_lineage(project)
    wanted = _find(lineage, name)
    if not lineage.knows(wanted) and (column := lineage.find_column(wanted)):
        (_print_column_json if as_json else _print_column)(column, lineage.impact_of_column(column))
    else:
        (_print_json if as_json else _print_table)(wanted, lineage.impact(wanted))


def _find(lineage: Lineage, name: str) -> str:
    """Find out what is meant: paths may be relative to the current folder.

    Raises
    ------
    ProjectError
        There is nothing of this name.
    """
    import difflib

    from analysis.errors import ProjectError

    root = lineage.now.project.root
    path = Path(os.path.normpath(Path.cwd() / name))
    if path.exists() and root in path.parents:
        return _relation_of(path.relative_to(root)) or path.relative_to(root).as_posix()
    if lineage.knows(name) or lineage.find_column(name):
        return _relation_of(Path(name)) or name
    close = difflib.get_close_matches(name, lineage.ids(), n=3)
    hint = f"did you mean {' or '.join(f'`{item}`' for item in close)}?" if close else None
    raise ProjectError(
        f"there is no relation, column, file, module or package `{name}`",
        hint=hint or "write relations with their schema, files relative to the project",
    )


def _relation_of(path: Path) -> str | None:
    """Name the view that a file of ``data/sql`` defines."""
    parts = path.parts
    if parts[:2] == ("data", "sql") and path.suffix == ".sql" and len(parts) == 4:
        return f"{parts[2]}.{path.stem}".lower()
    return None


def _print_json(wanted: str, found: tuple[Impact, ...]) -> None:
    import json

    print(json.dumps({"id": wanted, "pages": _pages(found)}, indent=2))


def _print_column_json(column: str, found: ColumnImpact) -> None:
    import json

    content = {"id": column, "columns": list(found.columns), "pages": _pages(found.pages)}
    print(json.dumps(content, indent=2))


def _pages(found: tuple[Impact, ...]) -> list[dict[str, object]]:
    return [
        {"page": i.page, "through": [{"kind": kind, "id": name} for kind, name in i.through]}
        for i in found
    ]


def _print_table(wanted: str, found: tuple[Impact, ...]) -> None:
    _print_pages(found)
    print(f"a change of {wanted} re-runs {_count(found, 'page')}")


def _print_column(column: str, found: ColumnImpact) -> None:
    for name in found.columns:
        print(f"column {name}")
    _print_pages(found.pages)
    print(
        f"{_count(found.columns, 'column')} of views from {column}; "
        f"read by {_count(found.pages, 'page')}, with it or one of them"
    )


def _print_pages(found: tuple[Impact, ...]) -> None:
    width = max((len(one.page) for one in found), default=0)
    for one in found:
        through = ", ".join(f"{kind} {name}" for kind, name in one.through)
        print(f"{one.page:<{width}}  {through}")


def _count(things: tuple[object, ...], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
