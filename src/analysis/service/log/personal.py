"""What tells of persons: hashed in the log of predictions, or left out of it."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.service.logged import Columns

How = Literal["hash", "omit"]
# So many hex digits of a hash: enough that no two persons share one.
_DIGITS = 32


@dataclass(frozen=True)
class Personal:
    """How values of personal fields are logged.

    A hash is HMAC-SHA-256 with the project's ``secret``: the same value has the same hash, and
    nobody finds the value by trying all that there are.
    """

    how: How
    secret: bytes

    def masked(self, columns: Columns, names: Collection[str]) -> Columns:
        """Give the columns as they may be logged, where those of ``names`` are personal."""
        if self.how == "omit":
            return {name: values for name, values in columns.items() if name not in names}
        return {
            name: self._hashes(values) if name in names else values
            for name, values in columns.items()
        }

    def _hashes(self, values: Sequence[Any]) -> list[str | None]:
        return [None if value is None else self._hash(str(value)) for value in values]

    def _hash(self, text: str) -> str:
        found = hmac.digest(self.secret, text.encode("utf-8", "surrogatepass"), "sha256")
        return found.hex()[:_DIGITS]
