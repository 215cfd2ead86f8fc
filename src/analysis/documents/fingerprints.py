"""Fingerprints of what pages depend on, as it is now: of content, by kind and id."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.documents.distributions import Distributions
from analysis.documents.metadata import flattened
from analysis.documents.options import EXECUTE_KEYS
from analysis.files import digest, digest_file
from analysis.lineage import Input
from analysis.project import Project
from analysis.project.project import CONFIG

_METADATA_NAMES = ("_metadata.yml", "_metadata.yaml")


class Fingerprints:
    """What a project holds at one moment; everything is looked at once at most.

    Parameters
    ----------
    project
        Where ids that are paths start.
    parameters
        What pages are run with.
    """

    def __init__(self, project: Project, parameters: Mapping[str, Any] | None = None) -> None:
        self.project = project
        self.parameters = parameters or {}
        self.distributions = Distributions(project.work_dir / "distributions.json")
        self._known: dict[tuple[str, str], str | None] = {}
        self._folders: dict[PurePosixPath, tuple[Input, ...]] = {}
        self._kinds: Mapping[str, Callable[[str], str | None]] = {
            "config": lambda _: self._config(),
            "input": self._files,
            "kernel": lambda _: f"python {sys.version_info.major}.{sys.version_info.minor}",
            "package": self.distributions.version,
            "parameters": lambda _: self._parameters(),
            "warehouse": self._warehouse,
        }

    def of(self, kind: str, name: str) -> str | None:
        """Fingerprint one input; ``None`` if it is not there."""
        key = (kind, name)
        if key not in self._known:
            self._known[key] = self._kinds.get(kind, self._file)(name)
        return self._known[key]

    def inputs(self, kind: str, *names: str) -> tuple[Input, ...]:
        """Give those of the inputs that are there."""
        found = ((name, self.of(kind, name)) for name in names)
        return tuple(Input(kind, name, value) for name, value in found if value is not None)

    def around(self, source: str) -> tuple[Input, ...]:
        """Give what counts for a document by where it lies, whether it names it or not."""
        return (
            *self._metadata(PurePosixPath(source).parent),
            *self.inputs("config", CONFIG),
            *self.inputs("parameters", "parameters"),
        )

    def _metadata(self, folder: PurePosixPath) -> tuple[Input, ...]:
        if folder not in self._folders:
            above = self._metadata(folder.parent) if folder.name else ()
            names = (str(folder / name) for name in _METADATA_NAMES)
            found = (self.inputs("metadata", name) for name in names)
            here: tuple[Input, ...] = next((f for f in found if f), ())
            self._folders[folder] = (*above, *here)
        return self._folders[folder]

    def _file(self, name: str) -> str | None:
        try:
            return digest_file(self.project.root / name)
        except OSError:
            return None

    def _files(self, pattern: str) -> str | None:
        root = self.project.root
        names: set[str] = set()
        for path in root.glob(pattern):
            inside = path.rglob("*") if path.is_dir() else [path]
            names |= {p.relative_to(root).as_posix() for p in inside if p.is_file()}
        return _digest([[name, self.of("file", name)] for name in sorted(names)])

    def _config(self) -> str:
        metadata = flattened(self.project.metadata)
        counts = EXECUTE_KEYS | {"execute", "jupyter"}
        return _digest({key: value for key, value in metadata.items() if key in counts})

    def _parameters(self) -> str | None:
        return _digest(self.parameters) if self.parameters else None

    def _warehouse(self, name: str) -> str | None:
        # Written beside the warehouse when it is built: nobody has to open it to ask.
        try:
            text = (self.project.root / name).with_suffix(".json").read_bytes()
            return str(json.loads(text)["fingerprint"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def pattern_in_project(project: Project, source: str, pattern: str) -> str:
    """Write a declared ``pattern`` relative to the root; ``/`` in front starts there already.

    Raises
    ------
    ProjectError
        It leads out of the project.
    """
    folder = PurePosixPath("/" if pattern.startswith("/") else PurePosixPath("/", source).parent)
    name = str(folder / pattern).lstrip("/")
    path: Path = project.inside(name)
    return path.relative_to(project.root).as_posix()


def _digest(value: Any) -> str:
    return digest(json.dumps(value, sort_keys=True, default=str, ensure_ascii=False).encode())
