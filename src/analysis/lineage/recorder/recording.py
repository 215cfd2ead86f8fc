"""The record of what a page reads, put together from what each of its watchers has seen."""

from __future__ import annotations

import os
import sys
from typing import Any

from .files import Files
from .imports import Imports
from .places import Places
from .queries import Queries
from .tracebacks import hide_own_frames


class Recorder:
    """All that is recorded in one kernel.

    Parameters
    ----------
    places
        The project, and what in it counts.
    logs
        An empty path outside the project, where DuckDB may log its queries.
    """

    def __init__(self, places: Places, logs: str) -> None:
        self.places = places
        self.files = Files(places)
        self.queries = Queries(places, self.files, logs)
        self.imports = Imports(places, {"duckdb": self.queries.install})
        self.notes: set[tuple[str, str]] = set()

    def install(self) -> None:
        """Watch from now on, for the life of the process."""
        hide_own_frames()
        self.imports.install()
        sys.addaudithook(self.files.hook)

    def result(self) -> dict[str, Any]:
        """Give all that was read, in plain values; paths are relative to the project's root."""
        names, failed, packages = self.imports.result()
        self.queries.collect()
        modules = self.files.modules
        for name in self.imports.module_files():
            modules.setdefault(name, self.files.read.get(name))
        is_file = [n for n in self.files.read if not os.path.isdir(self.places.absolute(n))]  # noqa: PTH112
        return {
            "files": {n: self._signature(n) for n in sorted(is_file) if n not in modules},
            "modules": {name: modules[name] for name in sorted(modules)},
            "listings": sorted(self.files.listings),
            "imports": sorted(names | failed),
            "packages": sorted(packages),
            "relations": sorted(self.queries.relations),
            "guesses": sorted(self.queries.guesses),
            "warehouse": self.queries.whole,
            "notes": sorted(self.notes),
        }

    def _signature(self, name: str) -> tuple[int, ...] | None:
        # What the page itself has changed is as it left it.
        return None if name in self.files.written else self.files.read[name]
