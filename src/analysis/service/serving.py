"""What is served at one moment: the versions of a model that answer, and the holder of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from analysis.models.bundle.record import Bundle, Field
from analysis.models.predicting.predictor import Columns


class Predicts(Protocol):
    """A loaded version of a model, as `analysis.models.predicting.predictor.Predictor` is one."""

    @property
    def bundle(self) -> Bundle:
        """Give what is told of the version."""

    def predict(self, columns: Columns) -> dict[str, list[Any]]:
        """Give the outputs of rows, whose fields come by name."""


@dataclass(frozen=True)
class Arm:
    """A version that takes part, loaded.

    ``name`` is what is logged and told: a stage, such as ``champion``, or the version. ``version``
    is the registry's id, ``number`` its place among all. ``share`` is the part of the keys that it
    answers, from 0 to 1; the first arm answers the rest. A ``shadow`` answers none: it predicts
    all rows after they were answered, and is only logged.
    """

    name: str
    version: str
    number: int
    stage: str
    predictor: Predicts
    share: float = 0.0
    shadow: bool = False

    @cached_property
    def personal(self) -> frozenset[str]:
        """Name the fields and columns of the key that tell of persons."""
        bundle = self.predictor.bundle
        fields = {field.name for field in bundle.fields if field.personal}
        return frozenset(fields | {column.name for column in bundle.key if column.personal})


@dataclass(frozen=True)
class Serving:
    """The arms of one moment, never changed. The first answers where no other is chosen.

    All arms take the same fields: whoever puts an arm in has seen to that. Input is checked by the
    fields of the first.
    """

    model: str
    arms: tuple[Arm, ...]

    @property
    def first(self) -> Arm:
        """Give the arm that answers where no other is chosen."""
        return self.arms[0]

    @property
    def shadows(self) -> tuple[Arm, ...]:
        """Give the arms that only look on."""
        return tuple(arm for arm in self.arms if arm.shadow)

    @property
    def fields(self) -> Sequence[Field]:
        """Give the fields by which input is checked."""
        return self.first.predictor.bundle.fields


class Held:
    """The one place of what is served now.

    It is read once a request, and replaced in one assignment; requests that have begun keep
    the `Serving` that they read.
    """

    def __init__(self, now: Serving) -> None:
        self.now = now
