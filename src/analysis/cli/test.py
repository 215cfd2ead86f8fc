"""``analysis test``: run the cases of the views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.project import Project
    from analysis.warehouse.views.bench import Declared


def test(
    views: Annotated[
        list[str] | None, typer.Argument(help="Views with their schema; default: all with cases.")
    ] = None,
) -> None:
    """Run the cases of views in tests/sql, each on the rows that it gives.

    No source is read, and no warehouse is needed. Exit code 1 if a case fails.

    Example: analysis test features.weather
    """
    from analysis.errors import ExitCode
    from analysis.project import find_project
    from analysis.warehouse.views.bench import read_declared
    from analysis.warehouse.views.cases import case_files

    project = find_project(Path())
    declared = read_declared(project)
    files = case_files(project)
    chosen = {view: files[view] for view in _choose(views or (), files, declared)}
    failed = [view for view, path in chosen.items() if not _run(path, project, declared)]
    _summarize(len(chosen), len(failed), [] if views else sorted(declared.views.keys() - files))
    raise typer.Exit(ExitCode.SOME_FAILED if failed else ExitCode.DONE)


def _choose(wanted: Sequence[str], files: Mapping[str, str], declared: Declared) -> tuple[str, ...]:
    """Name the views to test; a view may be named by its file, or by that of its cases.

    Raises
    ------
    ViewError
        There is no such view, or it has no cases.
    """
    from analysis.errors import ViewError
    from analysis.warehouse.views.cases import FOLDER, check_view

    by_path = {view.path: view.name for view in declared.views.values()}
    by_path |= {path: name for name, path in files.items()}
    names = [by_path.get(Path(name).as_posix(), name) for name in wanted]
    for name in names:
        check_view(name, declared.views, None)
        if name not in files:
            raise ViewError(
                f"the view `{name}` has no cases", hint=f"write some in {FOLDER}/{name}.yml"
            )
    return tuple(dict.fromkeys(names)) or tuple(files)


def _run(path: str, project: Project, declared: Declared) -> bool:
    """Run the cases in one file, say what became of them, and whether all passed."""
    from analysis.warehouse.views.cases import read_cases
    from analysis.warehouse.views.testing import run_case

    cases = read_cases(project.root, path, declared.views)
    outcomes = [run_case(case, declared) for case in cases]
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    count = f"{len(cases)} case{'s' if len(cases) > 1 else ''}"
    if failures:
        print(f"{'FAILED':<8} {cases[0].view} ({len(failures)} of {count})")
        print("\n".join(failures), flush=True)
    else:
        print(f"{'passed':<8} {cases[0].view} ({count})", flush=True)
    return not failures


def _summarize(tested: int, failed: int, untested: Sequence[str]) -> None:
    views = f"{tested} view{'' if tested == 1 else 's'}"
    print(f"{views} tested, {failed} failed" if failed else f"{views} tested")
    if untested:
        print(f"without cases: {', '.join(untested)}")
