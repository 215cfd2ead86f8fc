"""Fingerprints of the log of predictions, by model."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path

from analysis.files import digest
from analysis.lineage import Value
from analysis.lineage.system import PREDICTIONS_FOLDER, SEGMENTS
from analysis.project import Project


class PredictionFiles:
    """The log as it is when it is first looked at, which is before a page reads it.

    Its files have names of their own and only grow, so that a name and a size say what is in one;
    nothing is gained by reading them.
    """

    def __init__(self, project: Project) -> None:
        self._folder = project.root / PREDICTIONS_FOLDER

    def look(self) -> None:
        """Look at all of it now."""
        assert self._sizes is not None

    def relation(self) -> Value:
        """Fingerprint the live relation on the log, with what it tells of each model."""
        told = {model: _digest(sizes) for model, sizes in self._sizes.items()}
        return {"fingerprint": _digest(told), "columns": told} if told else None

    @cached_property
    def _sizes(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for pattern in SEGMENTS:
            for path in sorted(self._folder.glob(pattern)):
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
