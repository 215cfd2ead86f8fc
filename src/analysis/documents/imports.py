"""What code imports, read from its text: so it is known what to import before kernels start."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.documents.cells import Code
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.documents.document import Document

OURS = "analysis"
_OUR_FOLDER = Path(__file__).parents[2]
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


@dataclass(frozen=True, order=True)
class Import:
    """A module, by its absolute name, and the names that are taken from it."""

    module: str
    names: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        """Give the first part of the module's name."""
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Imports:
    """All that some code leads to.

    ``files`` are the project's own modules, relative to its root; ``others`` what it and they
    import from installed packages.
    """

    files: frozenset[str]
    others: frozenset[Import]


@dataclass
class ImportScanner:
    """Follow imports through the modules of a project; each file is read once.

    Functions' imports count. In a package, so do texts that name one of its own modules, which is
    how lazy packages list them. This package is followed too, wherever it is installed.
    """

    project: Project
    _known: dict[Path, tuple[Import, ...]] = field(default_factory=dict)

    def scan(self, codes: Iterable[str], folder: Path) -> Imports:
        """Follow the imports of ``codes``, cells that run in ``folder``."""
        places = self._places(folder)
        todo = [found for code in codes for found in _named(code)]
        files: set[Path] = set()
        others: set[Import] = set()
        seen: set[Import] = set()
        while todo:
            found = todo.pop()
            if found in seen or found.top in sys.stdlib_module_names:
                continue
            seen.add(found)
            new = dict(_files(found, [_OUR_FOLDER] if found.top == OURS else places))
            if not new or (found.top == OURS and not self._is_own(_OUR_FOLDER)):
                others.add(found)
            for path, module in new.items():
                if path not in files:
                    files.add(path)
                    todo += self._imports(path, module)
        own = {p.relative_to(self.project.root).as_posix() for p in files if self._is_own(p)}
        return Imports(frozenset(own), frozenset(others))

    def _places(self, folder: Path) -> list[Path]:
        """List where a kernel in ``folder`` finds modules of the project, in its order."""
        listed = [Path(entry) for entry in sys.path if entry]
        places = [folder, self.project.root / "src", *(p for p in listed if self._is_own(p))]
        return list(dict.fromkeys(places))

    def _is_own(self, path: Path) -> bool:
        environment = Path(sys.prefix)
        return self.project.root in (path, *path.parents) and environment not in path.parents

    def _imports(self, path: Path, module: str) -> tuple[Import, ...]:
        if path not in self._known:
            is_package = path.name == "__init__.py"
            package = module if is_package else module.rpartition(".")[0]
            code = path.read_text("utf-8", "replace")
            self._known[path] = tuple(_named(code, package))
        return self._known[path]


def imports_of(document: Document, scanner: ImportScanner) -> Imports:
    """Find what the cells of ``document`` import."""
    codes = [block.source for block in document.blocks if isinstance(block, Code)]
    return scanner.scan(codes, (scanner.project.root / document.source).parent)


def _files(found: Import, places: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Find the files that an import runs, with the name of each as a module."""
    wanted = [found.module, *(f"{found.module}.{name}" for name in found.names)]
    for place in places:
        parts = {module for name in wanted for module in _prefixes(name)}
        hits = [
            (path, m) for m in sorted(parts) for path in _candidates(place, m) if path.is_file()
        ]
        if hits:
            yield from hits
            return


def _candidates(place: Path, module: str) -> tuple[Path, Path]:
    base = place.joinpath(*module.split("."))
    return base / "__init__.py", base.with_name(f"{base.name}.py")


def _prefixes(module: str) -> Iterator[str]:
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def _named(code: str, package: str = "") -> Iterator[Import]:
    """Read the imports of ``code``, a cell or a module of ``package``; wrong code has none."""
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", code))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package)
            names = tuple(sorted(alias.name for alias in node.names if alias.name != "*"))
            if module:
                yield Import(module, names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and package:
            own = package.partition(".")[0] + "."
            if node.value.startswith(own) and _DOTTED.fullmatch(node.value):
                yield Import(node.value)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)
