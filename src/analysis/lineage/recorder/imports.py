"""What the page and the project's own modules import, as it really happens."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from .places import Places

# Our own helpers stand in for code of the page, wherever they are installed.
_OURS = "analysis"


class Imports:
    """Names imported by the page, by modules of the project and by this package.

    Imports are observed where they happen, and not found in ``sys.modules``, where a kernel that
    was forked has more than the page asked for.

    Parameters
    ----------
    places
        What belongs to the project.
    actions
        What to do right after a module of this name is first imported, by anyone.
    """

    def __init__(self, places: Places, actions: Mapping[str, Callable[[], None]]) -> None:
        self.places = places
        self._actions = dict(actions)
        # A kernel has not yet imported any module of the project when it begins.
        self._known: set[str] = set()
        self._names: set[str] = set()
        self._failed: set[str] = set()
        self._project: set[str] = set()
        self._own: dict[str, bool] = {"__main__": True, _OURS: True}

    def install(self) -> None:
        """Watch the statement ``import`` and :func:`importlib.import_module`."""
        self._known = set(sys.modules)
        import_, import_module = builtins.__import__, importlib.import_module

        def watched_import(
            name: str,
            globals: Mapping[str, Any] | None = None,
            locals: Mapping[str, Any] | None = None,
            fromlist: Sequence[str] | None = (),
            level: int = 0,
        ) -> ModuleType:
            space = sys._getframe(1).f_globals if globals is None else globals
            with _Watch(self, name, space, level):
                return import_(name, globals, locals, fromlist or (), level)

        def watched_import_module(name: str, package: str | None = None) -> ModuleType:
            with _Watch(self, name, sys._getframe(1).f_globals, int(name.startswith("."))):
                return import_module(name, package)

        builtins.__import__ = watched_import
        importlib.import_module = watched_import_module

    def imported(self, name: str) -> None:
        """Take notice of an absolute name that the page or the project imported."""
        top = name.partition(".")[0]
        self._names.add(top)
        files = () if top in self._project else _files_of(sys.modules.get(top))
        if any(map(self.places.inside, files)):
            self._project.add(top)

    def failed(self, name: str) -> None:
        """Take notice of one that could not be imported."""
        self._failed.add(name)
        self.imported(name)

    def act(self, name: str) -> None:
        """Do what is to be done after an import of ``name``, once that module is complete."""
        if name in self._actions:
            spec = getattr(sys.modules.get(name), "__spec__", None)
            if not getattr(spec, "_initializing", False):
                self._actions.pop(name)()

    def is_own(self, space: Mapping[str, Any]) -> bool:
        """Say whether code with these globals is the page's or the project's."""
        name = space.get("__name__")
        if not isinstance(name, str):
            return False
        if name not in self._own:
            file = space.get("__file__")
            is_ours = name.startswith(f"{_OURS}.")
            self._own[name] = is_ours or (isinstance(file, str) and bool(self.places.inside(file)))
        return self._own[name]

    def result(self) -> tuple[set[str], set[str], set[str]]:
        """Give the top-level names, the full names that failed, and the names of packages."""
        others = self._names - self._project - sys.stdlib_module_names
        return set(self._names), set(self._failed), others

    def module_files(self) -> Iterator[str]:
        """Give the files of the project's modules that are loaded, relative to its root."""
        for name, module in list(sys.modules.items()):
            if name not in self._known:
                for file in _files_of(module):
                    if (inside := self.places.inside(file)) and os.path.isfile(file):  # noqa: PTH113
                        yield inside


def _files_of(module: ModuleType | None) -> list[str]:
    """Give the file of a module; of a package without one, its folders."""
    if not isinstance(module, ModuleType):
        return []
    file = vars(module).get("__file__")
    return [file] if isinstance(file, str) else [str(p) for p in vars(module).get("__path__", ())]


class _Watch:
    """One import: by whom, and how it ends."""

    __slots__ = ("imports", "level", "name", "space")

    def __init__(self, imports: Imports, name: str, space: Mapping[str, Any], level: int) -> None:
        self.imports, self.name, self.space, self.level = imports, name, space, level

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self.imports.is_own(self.space):
            self._note(kind)
        if kind is None and not self.level:
            self.imports.act(self.name.partition(".")[0])

    def _note(self, kind: type[BaseException] | None) -> None:
        if kind is None:
            if not self.level:
                self.imports.imported(self.name)
        elif issubclass(kind, ImportError):
            self.imports.failed(self._absolute())

    def _absolute(self) -> str:
        if not self.level:
            return self.name
        dots = "" if self.name.startswith(".") else "." * self.level
        package = str(self.space.get("__package__") or self.space.get("__name__") or "")
        return importlib.util.resolve_name(dots + self.name, package)
