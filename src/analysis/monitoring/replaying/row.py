"""A row of the past: what is sent of it, and what it is known by in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# What stands between the values of a key; no value of one has it.
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class PastRow:
    """What was known of a row, at which ``time``, and the ``label`` that came true of it.

    ``key`` and ``fields`` are plain values, as JSON has them.
    """

    time: datetime
    label: str | None
    key: Mapping[str, Any]
    fields: Mapping[str, Any]

    @property
    def record(self) -> dict[str, Any]:
        """Give what a server takes: the fields, and the columns of the key along with them."""
        return {**self.fields, **self.key}


def token(values: Sequence[Any]) -> str:
    """Give what a key is known by, whether it is the one sent or the one that was logged."""
    return _BETWEEN.join(map(str, values))
