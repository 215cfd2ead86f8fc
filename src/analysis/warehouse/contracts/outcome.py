"""What came of a contract: each rule, how many rows break it, and what that means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.warehouse.declared.model import Policy


@dataclass(frozen=True)
class Outcome:
    """One rule after it was checked. ``columns`` are those that it speaks of; it may be none.

    ``said`` is a sentence for people, empty where the rule holds.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    policy: Policy
    violations: int
    said: str = ""

    @property
    def passed(self) -> bool:
        """Say whether nothing breaks the rule."""
        return not self.violations


def parse_outcome(values: dict[str, Any]) -> Outcome:
    """Read an outcome that was written as JSON."""
    return Outcome(**{**values, "columns": tuple(values["columns"])})
