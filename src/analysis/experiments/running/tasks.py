"""Tasks: the pieces of a run that workers do, each of which leaves a file when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.runs.record import Task as Kind

# How a worker ends when it cannot write: no fault of the candidate.
NO_ROOM = 74


@dataclass(frozen=True)
class Judging:
    """How predictions are judged: metrics by name, the first decides, and draws of blocks."""

    metrics: tuple[str, ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class Diagnosis:
    """What is looked at beside the folds: shares of the training rows, shuffled columns.

    ``folds`` of the split are used for the learning curve; importance is of the first.
    """

    sizes: tuple[float, ...] = ()
    folds: int = 0
    repeats: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Setting:
    """What all tasks of a run have in common; folders are absolute.

    ``rows`` holds the features, ``split`` the places of rows by fold, ``work`` what is done.
    """

    root: Path
    rows: Path
    split: Path
    work: Path
    candidate: Candidate
    columns: tuple[str, ...]
    task: Kind
    classes: tuple[str, ...]
    positive: int | None
    folds: int
    blocks: int
    seed: int
    judging: Judging
    diagnosis: Diagnosis


@dataclass(frozen=True)
class Task:
    """One piece: a ``fold``, a ``size`` of its training rows, the ``model`` on all, the ``judge``.

    ``share`` is that of the training rows.
    """

    kind: Literal["fold", "size", "model", "judge"]
    setting: Setting
    fold: int = 0
    share: float = 1.0

    @property
    def name(self) -> str:
        """Name it within the run: ``fold-3``."""
        if self.kind == "fold":
            return f"fold-{self.fold}"
        return f"size-{self.share:g}-{self.fold}" if self.kind == "size" else self.kind

    def __str__(self) -> str:
        """Name it for a person: ``fold 3 of 5``."""
        of = f"fold {self.fold} of {self.setting.folds}"
        return {
            "fold": of,
            "size": f"{self.share:.0%} of the rows, {of}",
            "model": "the model on all rows",
            "judge": "its metrics",
        }[self.kind]

    @property
    def result(self) -> Path:
        """Say which file tells that it is done."""
        return self.setting.work / f"{self.name}.json"

    @property
    def failure(self) -> Path:
        """Say which file tells why it failed."""
        return self.setting.work / f"{self.name}.failed"

    @property
    def arrays(self) -> Path:
        """Say where its predictions lie."""
        return self.setting.work / f"{self.name}.npz"


def tasks_of(setting: Setting, *, keep_model: bool) -> tuple[Task, ...]:
    """List the tasks of a run, but for the judge, who comes last."""
    folds = [Task("fold", setting, fold) for fold in range(1, setting.folds + 1)]
    sizes = [
        Task("size", setting, fold, share)
        for share in setting.diagnosis.sizes
        for fold in range(1, setting.diagnosis.folds + 1)
        if share < 1
    ]
    model = [Task("model", setting)] if keep_model else []
    return (*folds, *model, *sizes)


Told = dict[str, Any]
