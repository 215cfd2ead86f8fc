"""What came of a contract: each rule, how many rows break it, and what that means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.errors import Location
from analysis.warehouse.declared.model import Policy
from analysis.warehouse.declared.sources import Sources


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


def declared_at(outcome: Outcome, name: str, sources: Sources) -> Location:
    """Locate the rule of the source ``name`` from which ``outcome`` came."""
    checks = [check.name for check in sources.by_name[name].contract.checks]
    if outcome.kind in ("expect", "no rows"):
        return sources.where(name, "contract", "checks", checks.index(outcome.name))
    if outcome.kind in ("rows", "key"):
        return sources.where(name, "contract", outcome.kind)
    if outcome.kind == "freshness":
        return sources.where(name, "contract", "fresh")
    if outcome.kind == "lines":
        return sources.where(name)
    if len(outcome.columns) == 1:
        return sources.where(name, "columns", outcome.columns[0])
    return sources.where(name, "contract", "unique")


def parse_outcome(values: dict[str, Any]) -> Outcome:
    """Read an outcome that was written as JSON."""
    return Outcome(**{**values, "columns": tuple(values["columns"])})
