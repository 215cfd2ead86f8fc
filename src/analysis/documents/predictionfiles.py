"""Fingerprints of the log of predictions and of the labels that came later, by model."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

from analysis.files import digest
from analysis.lineage import Value
from analysis.lineage.system import (
    LABEL_FILES,
    LABELS,
    LABELS_FOLDER,
    PREDICTIONS,
    PREDICTIONS_FOLDER,
    SEGMENTS,
)
from analysis.project import Project

# The folder of each live relation, and what its files look like there.
_LIE = {PREDICTIONS: (PREDICTIONS_FOLDER, SEGMENTS), LABELS: (LABELS_FOLDER, (LABEL_FILES,))}


class PredictionFiles:
    """The log and the labels as they are when they are first looked at, before a page reads them.

    Its files have names of their own and only grow, so that a name and a size say what is in one;
    nothing is gained by reading them.
    """

    def __init__(self, project: Project) -> None:
        self._root = project.root

    def look(self) -> None:
        """Look at all of it now."""
        assert self._sizes is not None

    def relation(self, name: str) -> Value:
        """Fingerprint one of the two live relations, with what it tells of each model."""
        told = {model: _digest(sizes) for model, sizes in self._sizes[name].items()}
        return {"fingerprint": _digest(told), "columns": told} if told else None

    @cached_property
    def _sizes(self) -> dict[str, dict[str, dict[str, int]]]:
        return {name: self._of(folder, patterns) for name, (folder, patterns) in _LIE.items()}

    def _of(self, folder: str, patterns: tuple[str, ...]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for pattern in patterns:
            for path in sorted((self._root / folder).glob(pattern)):
                if not path.name.startswith(".") and (size := _size(path)):
                    found.setdefault(path.parent.name, {})[path.name] = size
        return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _digest(value: object) -> str:
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
