"""What the models of project files have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen values; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def listed(value: Any) -> Any:
    """Take one text for a list of one."""
    return (value,) if isinstance(value, str) else value
