"""What the models of ``data/sources.yml`` have in common."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

# What becomes of rows that break a contract: the ingest fails, they are set aside, or named only.
Policy = Literal["fail", "quarantine", "warn"]


class Strict(BaseModel):
    """Frozen values; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def listed(value: Any) -> Any:
    """Take one text for a list of one."""
    return (value,) if isinstance(value, str) else value
