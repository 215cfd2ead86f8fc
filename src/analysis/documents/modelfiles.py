"""Fingerprints of what is told of models: of files, by model and version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property

from analysis.files import digest
from analysis.lineage import Value
from analysis.lineage.filedigests import FileDigests
from analysis.lineage.models import Known, chosen, read_versions, split_name
from analysis.lineage.notes import model_of
from analysis.lineage.system import BUNDLES, EVENTS, MODELS_FOLDER, ON_MODELS
from analysis.project import Project


class ModelFiles:
    """The files as they are when they are first looked at, which is before a page reads them."""

    def __init__(self, project: Project, files: FileDigests) -> None:
        self._project = project
        self._files = files

    def look(self) -> None:
        """Look at all of them now."""
        assert self._found is not None and self._versions is not None

    def relation(self, name: str) -> Value:
        """Fingerprint a live relation on models, with what it tells of each model."""
        parts: dict[str, dict[str, str]] = {}
        for pattern in ON_MODELS[name]:
            for path, found in self._found[pattern].items():
                parts.setdefault(model_of(path), {})[path] = found
        told = {model: _digest(files) for model, files in parts.items()}
        return {"fingerprint": _digest(told), "columns": told} if told else None

    def model(self, noted: str) -> str | None:
        """Fingerprint the version that was noted: its number, its stage, and what is told of it."""
        model, version = split_name(noted)
        found = chosen(self._versions.get(model, ()), version)
        return f"{found.number} {found.stage} {found.digest}" if found else None

    @cached_property
    def _found(self) -> Mapping[str, Mapping[str, str]]:
        return {pattern: dict(self._digests(pattern)) for pattern in (BUNDLES, EVENTS)}

    def _digests(self, pattern: str) -> list[tuple[str, str]]:
        paths = sorted((self._project.root / MODELS_FOLDER).glob(pattern))
        names = [path.relative_to(self._project.root).as_posix() for path in paths]
        found = ((name, self._files.of_file(name)) for name in names)
        return [(name, value) for name, value in found if value is not None]

    @cached_property
    def _versions(self) -> Mapping[str, tuple[Known, ...]]:
        models = {model_of(path) for path in self._found[BUNDLES]}
        return {model: read_versions(self._project.root, model) for model in models}


def _digest(value: object) -> str:
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
