"""Installed distributions: which one a module belongs to, and its version."""

from __future__ import annotations

import json
import os
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.files import digest, write_text


class Distributions:
    """The distributions of this environment.

    Asking Python takes a tenth of a second, so the answer is kept in ``cache`` for as long as
    the same ones are installed.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def of_module(self, top: str) -> tuple[str, ...]:
        """Name the distributions that bring the top-level module ``top``.

        One that is installed for development does not list its modules: it has their name.
        """
        return tuple(self._known["modules"].get(top, (top,)))

    def version(self, name: str) -> str | None:
        """Give the version of a distribution, ``None`` if it is not installed."""
        return self._known["versions"].get(name)

    @cached_property
    def _known(self) -> dict[str, dict[str, Any]]:
        key = _installed()
        try:
            kept = json.loads(self._cache.read_bytes())
            if kept["key"] == key:
                return {"modules": kept["modules"], "versions": kept["versions"]}
        except (OSError, ValueError, KeyError, TypeError):
            pass
        found = _ask()
        write_text(self._cache, json.dumps({"key": key, **found}))
        return found


def _installed() -> str:
    """Fingerprint the names of the folders that say what is installed; they carry the version."""
    names = [sys.version]
    for place in sys.path:
        try:
            with os.scandir(place or ".") as entries:
                names += [e.name for e in entries if e.name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
    return digest("\n".join(sorted(names)).encode())


def _ask() -> dict[str, dict[str, Any]]:
    from importlib import metadata

    modules = {top: sorted(set(names)) for top, names in metadata.packages_distributions().items()}
    versions = {item.metadata["Name"]: item.version for item in metadata.distributions()}
    return {"modules": modules, "versions": versions}
