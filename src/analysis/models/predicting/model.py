"""A version of a model as documents use it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ModelError
from analysis.lineage import note_model, unobserved
from analysis.models.bundle.record import Bundle, Field, Stage, Version
from analysis.models.predicting.predictor import Predictor, open_predictor
from analysis.models.registry.registry import open_registry
from analysis.models.registry.stages import name_of
from analysis.project import Project, find_project

if TYPE_CHECKING:
    import pandas as pd

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Model:
    """A version of a model, whose files in ``folder`` are those that were promoted."""

    project: Project
    version: Version
    folder: Path

    @property
    def name(self) -> str:
        """Name it: ``late-flights@2``."""
        return name_of(self.version)

    @property
    def number(self) -> int:
        """Give its number among all versions, from 1."""
        return self.version.number

    @property
    def stage(self) -> Stage:
        """Say what it is used for."""
        return self.version.stage

    @property
    def bundle(self) -> Bundle:
        """Give all that is told of it: fields, outputs, metrics, where it comes from."""
        return self.version.bundle

    def predict(self, rows: pd.DataFrame | Rows) -> pd.DataFrame:
        """Predict for rows, which come as a frame or as mappings from fields to values.

        Gives a column for each output, ``prediction`` and probabilities, with the index of the
        frame. Other columns than fields are passed over.

        Raises
        ------
        ModelError
            A field is not there, or is missing in a row where it may not be, or has another type.
        """
        import pandas as pd

        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
        columns = {field.name: self._column(frame, field) for field in self.bundle.fields}
        try:
            outputs = self._predictor.predict(columns)
        except ValueError as error:
            raise ModelError(f"`{self.name}` cannot predict for these rows: {error}") from None
        return pd.DataFrame(outputs, index=frame.index)

    @cached_property
    def _predictor(self) -> Predictor:
        with unobserved():
            return open_predictor(self.folder, self.project)

    def _column(self, frame: pd.DataFrame, field: Field) -> list[Any]:
        if field.name not in frame.columns:
            raise ModelError(
                f"`{self.name}` takes the field `{field.name}`, which is not among the columns",
                hint=f"it takes {', '.join(known.name for known in self.bundle.fields)}",
            )
        values = frame[field.name].astype(object)
        known = values.notna()
        if not field.nullable and not known.all():
            raise ModelError(f"`{field.name}` is missing in a row, and `{self.name}` needs it")
        is_text = field.type == "category"
        return [
            (str(value) if is_text else value) if there else None
            for value, there in zip(values, known, strict=True)
        ]


def model(name: str) -> Model:
    """Give a model of the project around the current folder, which is the document's own.

    ``late-flights`` is its champion, or its newest version if there is none; behind an ``@`` there
    may be a number, a stage, or the first digits of an id. A page that asks runs again when that is
    another version, or something happens to it.

    Raises
    ------
    ModelError
        There is none, or its files are not those that were promoted.
    """
    note_model(name)
    with unobserved():
        project = find_project(Path.cwd())
        registry = open_registry(project, refresh=False)
        version = registry.find(name)
        return Model(project, version, registry.folder(version))
