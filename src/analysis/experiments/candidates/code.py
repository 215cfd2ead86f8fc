"""What code a candidate stands on: the project's own modules, and installed packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.experiments.candidates.candidate import Candidate, Part
from analysis.experiments.candidates.nested import is_estimator, is_named, named, split_step
from analysis.experiments.candidates.owncode import check_names, source_folder, tops
from analysis.files import digest_file
from analysis.project import Project
from analysis.project.modules import imports_of, own_modules

# What every candidate is computed by.
ALWAYS = ("numpy", "pandas", "scikit-learn", "scipy")


def code_of(project: Project, candidate: Candidate) -> Mapping[str, str]:
    """Fingerprint the project's own modules that a candidate leads to, by path below the root."""
    files = _modules(project, candidate)
    return {
        path.relative_to(project.root).as_posix(): digest_file(path)
        for path in sorted(files.values())
    }


def check_own_names(project: Project, candidates: Iterable[Candidate]) -> None:
    """See that none of the project's own modules is called like an installed package.

    Raises
    ------
    ProjectError
        One is, so that Python might take one for the other.
    """
    paths = {path for candidate in candidates for path in paths_of(candidate)}
    check_names(project, _modules_of(project, paths))


def packages_of(project: Project, candidate: Candidate) -> Mapping[str, str]:
    """Give the versions of the packages that a candidate is computed by, by name.

    These are scikit-learn and what it stands on, and all that the project's own modules import.
    """
    modules = _modules(project, candidate)
    imported = {
        name.partition(".")[0]
        for module, path in modules.items()
        for name in imports_of(path, module)
    }
    own = {name.partition(".")[0] for name in modules}
    brought = _brought() if imported - own else {}
    names = {name for top in imported - own for name in brought.get(top, ())}
    return {name: _version(name) for name in sorted({*names, *ALWAYS}, key=str.lower)}


@cache
def _version(name: str) -> str:
    return metadata.version(name)


@cache
def _brought() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def paths_of(candidate: Candidate) -> tuple[str, ...]:
    """List the dotted paths of all estimators in a candidate, those in parameters too."""
    found = (path for part in candidate.parts for path in paths_of_part(part))
    return tuple(dict.fromkeys(found))


def paths_of_part(part: Part) -> Iterator[str]:
    """List the dotted paths of an estimator, and of those in its parameters."""
    return _paths(part.estimator, part.parameters)


def _paths(path: Any, parameters: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(path, str):
        yield path
    for name, value in parameters.items():
        inner = [value] if is_estimator(name, value) else []
        if is_named(name, value):
            inner = [step for _, step, _ in named(value) if is_estimator("estimator", step)]
        for step in inner:
            yield from _paths(*split_step(step))


def _modules(project: Project, candidate: Candidate) -> dict[str, Path]:
    return _modules_of(project, paths_of(candidate))


def _modules_of(project: Project, paths: Iterable[str]) -> dict[str, Path]:
    own = tops(project)
    found: dict[str, Path] = {}
    for path in sorted(paths):
        if path.partition(".")[0] in own:
            found |= own_modules(path.rpartition(".")[0], source_folder(project))
    return found
