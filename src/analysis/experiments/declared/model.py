"""Short forms in the file of an experiment, as what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError


def listed_steps(value: Any) -> Any:
    """Take one step, a text or a mapping, for a list of one."""
    return (value,) if isinstance(value, str | Mapping) else value


def as_step(value: Any) -> Any:
    """Take a text for the dotted path of an estimator."""
    return {"estimator": value} if isinstance(value, str) else value


def as_split(value: Any) -> Any:
    """Take the text ``random`` for rows by chance."""
    if isinstance(value, str) and value != "random":
        raise PydanticCustomError(
            "split", "write `random`, `{by: day}`, `{group: column}` or `{forward: column}`"
        )
    return {"random": True} if value == "random" else value
