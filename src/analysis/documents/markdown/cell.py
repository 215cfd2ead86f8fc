"""An executed code cell, and what its options and those of the document mean for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.documents.markdown.labels import (
    Captions,
    Output,
    captions,
    file_stem,
    identifier,
    labels_cell,
)
from analysis.documents.notebook import CellPlan
from analysis.documents.options import ExecuteOptions


@dataclass(frozen=True)
class Part:
    """A piece of the page, the files that it shows, and whether it needs the charts' script."""

    markdown: str
    figures: tuple[tuple[str, bytes], ...] = ()
    has_chart: bool = False


@dataclass(frozen=True)
class Cell:
    """An executed code cell.

    ``number`` counts code cells from 1; ``count`` is the execution count to show; ``folder`` is
    for figures, relative to the page's folder; ``written`` is all code that the author wrote.
    """

    id: str
    number: int
    count: int | None
    source: str
    plan: CellPlan
    outputs: tuple[Output, ...]
    execute: ExecuteOptions
    folder: str
    written: str

    def option(self, key: str) -> Any:
        """Give an option of the cell, or what the document says for all cells."""
        options = self.plan.options
        return options[key] if key in options else getattr(self.execute, key)

    @property
    def shows_warnings(self) -> bool:
        """Say whether the error stream is shown."""
        options = self.plan.options
        if self.execute.output is False and options.get("output") is not False:
            return bool(options.get("warning"))
        return bool(self.option("warning"))

    @property
    def is_bare(self) -> bool:
        """Say whether outputs stand in the page as they are."""
        return bool(self.option("output") == "asis")

    @property
    def label(self) -> str:
        """Give the label as an id, or nothing."""
        name = self.plan.options.get("label") or self.plan.attributes.get("name") or ""
        return identifier(str(name))

    @property
    def label_on_cell(self) -> bool:
        """Say whether the label belongs to the whole cell and not to its one output."""
        return labels_cell(self.plan.options, self.outputs, shown=bool(self.option("output")))

    @cached_property
    def captions(self) -> Captions:
        """Give the captions of the cell and of its outputs."""
        return captions(self.plan.options, self.outputs)

    @property
    def figure_stem(self) -> str:
        """Give the path of the cell's figures without number and extension."""
        # Quarto counts its own set-up cell.
        name = self.label.replace(":", "-") or f"cell-{self.number + 1}"
        return f"{self.folder}/{file_stem(name)}-output"
