"""The project's own modules: which there are, and importing them while candidates are made."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from analysis.errors import AnalysisError, Location, ProjectError
from analysis.experiments.candidates.candidate import Place
from analysis.project import Project
from analysis.project.modules import OURS

# Names under which a module of the project would be taken for another.
_TAKEN = frozenset({OURS, "sklearn", *sys.stdlib_module_names})


def source_folder(project: Project) -> Path:
    """Give the folder of the project's own modules."""
    return project.root / "src"


def hidden_by(project: Project, top: str) -> str | None:
    """Say which file in ``src`` cannot be had, because a module of Python has its name."""
    folder = source_folder(project)
    places = [folder / f"{top}.py", folder / top]
    found = next(
        (place for place in places if top in sys.stdlib_module_names and place.exists()), None
    )
    return found.relative_to(project.root).as_posix() if found else None


def tops(project: Project) -> tuple[str, ...]:
    """Name the packages and modules in the project's own ``src``, sorted."""
    found = {
        path.stem
        for path in source_folder(project).glob("*")
        if path.suffix == ".py" or any(path.rglob("*.py"))
    }
    return tuple(sorted(name for name in found if name.isidentifier() and name not in _TAKEN))


@contextmanager
def own_code(project: Project) -> Iterator[None]:
    """Let the project's own modules be imported, before all others of these names.

    They stay imported. Use it, too, around whatever runs them, for they may import others then.

    """
    # Before the project's own modules, one of which may be called like it.
    importlib.import_module("sklearn")
    folder = str(source_folder(project))
    _forget_others(project)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)


def check_names(project: Project, files: dict[str, Path]) -> None:
    """See that no module of ``files``, by name, is called like an installed package.

    Raises
    ------
    ProjectError
        One is.
    """
    elsewhere = [entry for entry in sys.path if _is_installed(Path(entry))]
    for name in sorted({name.partition(".")[0] for name in files}):
        if PathFinder.find_spec(name, elsewhere) is not None:
            path = files.get(name) or next(p for n, p in files.items() if n.startswith(f"{name}."))
            raise ProjectError(
                f"the module `{name}` is called like an installed package",
                Location(path.relative_to(project.root).as_posix()),
                "give it another name, so that neither is taken for the other",
            )


def _forget_others(project: Project) -> None:
    """Drop modules of these names that were imported from elsewhere: from another project."""
    own = set(tops(project))
    folder = source_folder(project)
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        file = getattr(sys.modules[name], "__file__", None)
        places = Path(file).parents if file else ()
        if places and folder not in places and not any(map(_is_installed, places)):
            del sys.modules[name]


def _is_installed(folder: Path) -> bool:
    return folder.name.endswith("-packages")


def is_own(project: Project, module: ModuleType) -> bool:
    """Say whether a module was imported from the project's own ``src``."""
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    folder = source_folder(project)
    return any(place and folder in Path(place).parents for place in places)


@contextmanager
def guarded(project: Project, what: str, place: Place) -> Iterator[None]:
    """Tell what the project's own code raises, with the file and line where it does.

    Raises
    ------
    ProjectError
        It raised; its own errors pass.
    """
    try:
        yield
    except AnalysisError:
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split()) or "no message"
        line = line_of(error, project)
        raise ProjectError(
            f"{what}: {type(error).__name__}: {said}",
            line or place.where,
            f"it is used in {place.where}" if line else "run it on its own to see more",
        ) from None


def line_of(error: BaseException, project: Project) -> Location | None:
    """Find the last line of the project's own code that an error came through."""
    folder = source_folder(project)
    if isinstance(error, SyntaxError) and error.filename:
        path = Path(error.filename)
        if folder in path.parents:
            return Location(path.relative_to(project.root).as_posix(), error.lineno)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        is_ours = folder / OURS in path.parents
        if folder in path.parents and not is_ours:
            return Location(path.relative_to(project.root).as_posix(), frame.lineno)
    return None
