"""``analysis impact``: what a change of a relation, file, module or package would re-run.

Of a column, it tells which columns come from it, and where they are read. Experiments that were
trained on it are named, with the pages that read them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.documents.impact import ColumnImpact, Impact, Lineage
    from analysis.documents.impactruns import Trained


def impact(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A relation, column, file, module, package, experiment or model."
        ),
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List the pages that a change would re-run, as far as their last runs tell.

    Of a column, list the columns of views that come from it, and the pages that read them. In both
    cases, experiments that were trained on it are named, with the pages that read their runs.

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
        found = lineage.impact(wanted), lineage.experiments.of_relation(wanted)
        (_print_json if as_json else _print_table)(wanted, *found)


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
        f"there is no relation, column, file, module, package, experiment or model `{name}`",
        hint=hint or "write relations with their schema, files relative to the project",
    )


def _relation_of(path: Path) -> str | None:
    """Name the view that a file of ``data/sql`` defines."""
    parts = path.parts
    if parts[:2] == ("data", "sql") and path.suffix == ".sql" and len(parts) == 4:
        return f"{parts[2]}.{path.stem}".lower()
    return None


def _print_json(wanted: str, found: tuple[Impact, ...], trained: tuple[Trained, ...]) -> None:
    import json

    content = {"id": wanted, "pages": _pages(found), "experiments": _experiments(trained)}
    print(json.dumps(content, indent=2))


def _print_column_json(column: str, found: ColumnImpact) -> None:
    import json

    content = {
        "id": column,
        "columns": list(found.columns),
        "pages": _pages(found.pages),
        "experiments": _experiments(found.experiments),
    }
    print(json.dumps(content, indent=2))


def _pages(found: tuple[Impact, ...]) -> list[dict[str, object]]:
    return [
        {"page": i.page, "through": [{"kind": kind, "id": name} for kind, name in i.through]}
        for i in found
    ]


def _experiments(found: tuple[Trained, ...]) -> list[dict[str, object]]:
    return [
        {"experiment": t.experiment, "through": list(t.through), "pages": list(t.pages)}
        for t in found
    ]


def _print_table(wanted: str, found: tuple[Impact, ...], trained: tuple[Trained, ...]) -> None:
    later = _print_found(found, trained)
    print(f"a change of {wanted} re-runs {_count(found, 'page')}{_later(later, trained)}")


def _print_column(column: str, found: ColumnImpact) -> None:
    for name in found.columns:
        print(f"column {name}")
    later = _print_found(found.pages, found.experiments)
    print(
        f"{_count(found.columns, 'column')} of views from {column}; "
        f"read by {_count(found.pages, 'page')}, with it or one of them"
        f"{_later(later, found.experiments)}"
    )


def _print_found(found: tuple[Impact, ...], trained: tuple[Trained, ...]) -> Sequence[str]:
    """Print experiments and pages; give the pages that only the experiments lead to."""
    for one in trained:
        print(f"experiment {one.experiment}  through {', '.join(one.through)}")
    through = {one.page: [f"{kind} {name}" for kind, name in one.through] for one in found}
    for one in trained:
        for page in one.pages:
            through.setdefault(page, []).append(f"experiment {one.experiment}")
    width = max(map(len, through), default=0)
    for page, said in sorted(through.items()):
        print(f"{page:<{width}}  {', '.join(dict.fromkeys(said))}")
    return sorted(through.keys() - {one.page for one in found})


def _later(pages: Sequence[str], trained: tuple[Trained, ...]) -> str:
    if not trained:
        return ""
    experiments = _count(trained, "experiment")
    if not pages:
        return f"; {experiments} trained on it"
    return (
        f"; {len(pages)} more once {experiments} {'is' if len(trained) == 1 else 'are'} run again"
    )


def _count(things: Sequence[object], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"
