"""The project's own Python modules: which of them one leads to, and running them afresh."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

# This package may lie in the same folder; it is no part of a source.
OURS = __name__.partition(".")[0]


def own_modules(module: str, folder: Path) -> Mapping[str, Path]:
    """Find the files of ``module`` and of all that it imports below ``folder``, by name.

    Without a file for ``module`` there are none. Imports inside functions count.
    """
    found: dict[str, Path] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        for part in _with_parents(name):
            path = _file_of(part, folder)
            if part not in found and path is not None and part.partition(".")[0] != OURS:
                found[part] = path
                todo += imports_of(path, part)
    return found if module in found else {}


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _file_of(name: str, folder: Path) -> Path | None:
    place = folder.joinpath(*name.split("."))
    candidates = (place / "__init__.py", place.with_name(f"{place.name}.py"))
    return next((path for path in candidates if path.is_file()), None)


def imports_of(path: Path, module: str) -> Iterator[str]:
    """Name what a file imports, and what it takes from there, which may be modules too."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return  # that is told when it is run
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join(
                [*(above if node.level else ()), *([node.module] if node.module else ())]
            )
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@contextmanager
def importing_from(folder: Path) -> Iterator[None]:
    """Import modules below ``folder`` anew; afterwards nothing is left of them, nor written."""
    names = {path.stem for path in folder.iterdir()} - {OURS} - sys.stdlib_module_names
    hidden = _forget(names)
    writes = sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes
        sys.path.remove(str(folder))
        _forget(names)
        sys.modules.update(hidden)


def _forget(names: set[str]) -> dict[str, ModuleType]:
    found = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in found}
