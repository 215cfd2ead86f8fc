"""Fingerprints of what is told of experiments and their runs: of files, by experiment and run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from analysis.files import digest
from analysis.lineage import Value
from analysis.lineage.filedigests import FileDigests
from analysis.lineage.notes import experiment_of
from analysis.lineage.runs import read_experiments
from analysis.lineage.system import CURVES, ON_RUNS, RECORDS, RUNS_FOLDER, SUMMARIES, USES
from analysis.project import Project

# By path, relative to the root.
Digests = Mapping[str, str]


class RunFiles:
    """The files as they are when they are first looked at, which is before a page reads them."""

    def __init__(self, project: Project, files: FileDigests) -> None:
        self._project = project
        self._files = files

    def look(self) -> None:
        """Look at all of them now."""
        assert self._found is not None and self._uses is not None

    def relation(self, name: str) -> Value:
        """Fingerprint a live relation on runs, with what it tells of each experiment."""
        if name == USES:
            return _joined(self._uses)
        parts: dict[str, dict[str, str]] = {}
        for pattern in ON_RUNS[name]:
            for path, found in self._found[pattern].items():
                parts.setdefault(experiment_of(path)[0], {})[path] = found
        return _joined({experiment: _digest(files) for experiment, files in parts.items()})

    def experiment(self, noted: str) -> str | None:
        """Fingerprint all that is told of the experiment that was noted, and of its runs."""
        experiment, _ = experiment_of(noted)
        return self._below(f"{RUNS_FOLDER}/{experiment}", self._found)

    def run(self, noted: str) -> str | None:
        """Fingerprint what is told of the run that was noted."""
        return self._below("/".join((RUNS_FOLDER, *experiment_of(noted))), (RECORDS, CURVES))

    def _below(self, folder: str, patterns: Iterable[str]) -> str | None:
        found = {
            path: value
            for pattern in patterns
            for path, value in self._by_folder[pattern].get(folder, {}).items()
        }
        return _digest(found) if found else None

    @cached_property
    def _found(self) -> Mapping[str, Digests]:
        home = self._project.root / RUNS_FOLDER
        return {p: dict(self._digests(home.glob(p))) for p in (SUMMARIES, RECORDS, CURVES)}

    def _digests(self, paths: Iterable[Any]) -> Iterable[tuple[str, str]]:
        for path in sorted(paths):
            name = path.relative_to(self._project.root).as_posix()
            if (found := self._files.of_file(name)) is not None:
                yield name, found

    @cached_property
    def _by_folder(self) -> Mapping[str, Mapping[str, Digests]]:
        """Give the files by the folders in which they lie, that of the experiment among these."""
        folders: dict[str, dict[str, dict[str, str]]] = {pattern: {} for pattern in self._found}
        for pattern, files in self._found.items():
            for path, found in files.items():
                for folder in PurePosixPath(path).parents[:2]:
                    folders[pattern].setdefault(str(folder), {})[path] = found
        return folders

    @cached_property
    def _uses(self) -> Digests:
        tried = read_experiments(self._project)
        return {one.name: _digest(one.uses) for one in tried if one.uses}


def _joined(parts: Digests) -> Value:
    return {"fingerprint": _digest(parts), "columns": parts} if parts else None


def _digest(value: Any) -> str:
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
