"""An input has a kind, an id and a content fingerprint; a difference of inputs is a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Input:
    """Something that a page depends on.

    ``id`` is relative to the project root where it is a path; ``fingerprint`` is of content.
    """

    kind: str
    id: str
    fingerprint: str


@dataclass(frozen=True, order=True)
class Reason:
    """Why a page is stale: one input, its fingerprint then and now (``None``: absent).

    Where both are absent, ``kind`` says it all: ``never run``.
    """

    kind: str
    id: str
    then: str | None
    now: str | None

    def __str__(self) -> str:
        """Say it to a person."""
        if self.then is None and self.now is None:
            return self.kind
        if self.then is None:
            return f"new {self.kind} {self.id}"
        if self.now is None:
            return f"{self.kind} {self.id} is gone"
        return f"{self.kind} {self.id} changed"


def reasons(then: Iterable[Input], now: Iterable[Input]) -> tuple[Reason, ...]:
    """Compare the inputs of the last run with those of today; empty means fresh."""
    before = {(i.kind, i.id): i.fingerprint for i in then}
    after = {(i.kind, i.id): i.fingerprint for i in now}
    changed = (key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return tuple(
        sorted((Reason(*key, before.get(key), after.get(key)) for key in changed), key=_order)
    )


def _order(reason: Reason) -> tuple[str, str]:
    return reason.kind, reason.id
