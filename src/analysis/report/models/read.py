"""Reading what is kept of one model, so that its page depends on nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import ProjectError
from analysis.lineage import note_model, unobserved
from analysis.lineage.system import MODELS_FOLDER
from analysis.project import find_project

if TYPE_CHECKING:
    from analysis.models.bundle.record import GoldenCase, Version


@dataclass(frozen=True)
class ToldModel:
    """A model with its versions, the oldest first."""

    name: str
    versions: tuple[Version, ...]

    @property
    def shown(self) -> Version:
        """Give the version that its page shows: the champion, else the newest one."""
        champions = [version for version in self.versions if version.stage == "champion"]
        return [*self.versions, *champions][-1]


def model(name: str) -> ToldModel:
    """Read a model with all of its versions.

    Raises
    ------
    ProjectError
        No version of it is there.
    """
    note_model(name)
    with unobserved():
        root = find_project(Path.cwd()).root
        found = sorted((root / MODELS_FOLDER).glob(f"{name}*/*"))
        versions = _versions(root, name, tuple(map(str, found)))
    if not versions:
        raise ProjectError(
            f"of the model `{name}` there is no version",
            hint=f"`analysis model promote RUN --as {name}` makes one",
        )
    return ToldModel(name, versions)


@lru_cache(maxsize=1)
def _versions(root: Path, name: str, state: tuple[str, ...]) -> tuple[Version, ...]:
    """Read the versions; a page asks for the same ones again and again.

    What is kept never changes, so ``state``, the folders that there are, says all of it.
    """
    from analysis.models.registry.registry import open_registry

    # What is here of it: a page never asks a board that lies elsewhere.
    return open_registry(find_project(root), refresh=False).versions(name)


def golden(name: str) -> tuple[GoldenCase, ...]:
    """Read the golden cases of the version that the page of a model shows."""
    from analysis.models.bundle.record import GOLDEN
    from analysis.models.bundle.store import read_golden

    folder = _folder(name)
    with unobserved():
        return read_golden(folder / GOLDEN)


def card_text(name: str) -> str:
    """Read the model card, in Markdown."""
    from analysis.models.bundle.record import CARD

    return _text(name, CARD)


def sql_text(name: str) -> str:
    """Read the query that predicts."""
    from analysis.models.bundle.record import PREDICTION_SQL

    return _text(name, PREDICTION_SQL)


def _text(name: str, file: str) -> str:
    path = _folder(name) / file
    with unobserved():
        return path.read_text(encoding="utf-8")


def _folder(name: str) -> Path:
    """Give the folder here that has the small files of the version that is shown."""
    return find_project(Path.cwd()).root / MODELS_FOLDER / name / model(name).shown.id
