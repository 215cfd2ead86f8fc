"""Fingerprints of what monitoring keeps of models: of files, by model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property

from analysis.files import digest
from analysis.lineage import Value
from analysis.lineage.filedigests import FileDigests
from analysis.lineage.system import MONITORING_FOLDER, ON_MONITORING
from analysis.project import Project


class MonitoringFiles:
    """The files as they are when they are first looked at, which is before a page reads them."""

    def __init__(self, project: Project, files: FileDigests) -> None:
        self._root = project.root
        self._files = files

    def look(self) -> None:
        """Look at all of them now."""
        assert self._found is not None

    def relation(self, name: str) -> Value:
        """Fingerprint a live relation on monitoring, with what it tells of each model."""
        told = {model: _digest(files) for model, files in self._found[name].items()}
        return {"fingerprint": _digest(told), "columns": told} if told else None

    @cached_property
    def _found(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        return {name: self._of(patterns) for name, patterns in ON_MONITORING.items()}

    def _of(self, patterns: tuple[str, ...]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        home = self._root / MONITORING_FOLDER
        for path in sorted(path for pattern in patterns for path in home.glob(pattern)):
            within = path.relative_to(home)
            value = self._files.of_file(path.relative_to(self._root).as_posix())
            if value is not None and not path.name.startswith("."):
                found.setdefault(within.parts[0], {})[within.as_posix()] = value
        return found


def _digest(value: object) -> str:
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
