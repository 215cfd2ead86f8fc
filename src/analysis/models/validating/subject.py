"""What is validated, and what a way of predicting says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.models.bundle.record import GOLDEN, Bundle, GoldenCase
from analysis.models.bundle.store import read_golden
from analysis.models.predicting.predictor import Predictor, open_predictor
from analysis.models.registry.verifying import check_files
from analysis.project import Project


@dataclass(frozen=True)
class Subject:
    """A version of a model, loaded from the folder of its bundle, and its golden cases."""

    folder: Path
    predictor: Predictor
    golden: tuple[GoldenCase, ...]

    @property
    def bundle(self) -> Bundle:
        """Give what is told of the version."""
        return self.predictor.bundle

    def columns(self) -> dict[str, list[Any]]:
        """Give the inputs of all cases, by field."""
        names = [field.name for field in self.bundle.fields]
        return {name: [case.inputs.get(name) for case in self.golden] for name in names}


@dataclass(frozen=True)
class Answers:
    """Outputs by name for each golden case; ``None`` where it was refused, and may be.

    ``version`` is that of what predicts. ``wrong`` says what is wrong whatever the outputs are.
    """

    version: str
    rows: Sequence[Mapping[str, Any] | None]
    wrong: str | None = None


# Answers for all golden cases. It raises SkippedError or WrongError.
Way = Callable[[Subject], Answers]


class SkippedError(Exception):
    """A way of predicting cannot be tried here; the text says why."""


class WrongError(Exception):
    """A way of predicting gives no answers, though it should; the text says why."""


def read_subject(folder: Path, project: Project | None = None) -> Subject:
    """Load the version of a model whose bundle lies in ``folder``.

    Raises
    ------
    ModelError
        A file of it is missing, or is not the one that was promoted.
    """
    predictor = open_predictor(folder, project)
    check_files(folder, predictor.bundle, predictor.bundle.model)
    return Subject(folder, predictor, read_golden(folder / GOLDEN))
