"""What tells of persons: hashed in the log of predictions, or left out of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from analysis.project.secret import hashed
from analysis.service.logged import Columns

How = Literal["hash", "omit"]


@dataclass(frozen=True)
class Personal:
    """How values of personal fields are logged: as hashes with the project's ``secret``."""

    how: How
    secret: bytes

    def masked(self, columns: Columns, names: Collection[str]) -> Columns:
        """Give the columns as they may be logged, where those of ``names`` are personal."""
        if self.how == "omit":
            return {name: values for name, values in columns.items() if name not in names}
        return {
            name: [hashed(self.secret, value) for value in values] if name in names else values
            for name, values in columns.items()
        }
