"""Inputs of pages, by kind and id, and the reasons that their differences are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.lineage.wording import say

# The fingerprint of an input's content; of a relation, with those of its columns:
# ``{"fingerprint": ..., "columns": {name: ...}}``; of a live relation on runs or models, with those
# of its experiments or models in the same form. ``None``: it is not there.
Value = str | Mapping[str, Any] | None
# What a page depends on: kind → id → value. Ids that are paths are relative to the root.
Inputs = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Reason:
    """Why a page is stale: one cause, with what counted then and counts now.

    ``parts`` are the columns of a relation, or its experiments or models, that changed. Where
    ``then`` and ``now`` are absent, the ``kind`` says it all: ``never run``.
    """

    kind: str
    id: str
    then: str | None = None
    now: str | None = None
    parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it to a person."""
        return say(self.kind, self.id, self.then, self.now, self.parts)


def difference(kind: str, name: str, then: Value, now: Value) -> Reason:
    """Give the reason that two different values of an input are."""
    return Reason(kind, name, _text(then), _text(now), tuple(_changed_columns(then, now)))


def _text(value: Value) -> str | None:
    return str(value["fingerprint"]) if isinstance(value, Mapping) else value


def _changed_columns(then: Value, now: Value) -> Iterator[str]:
    if isinstance(then, Mapping) and isinstance(now, Mapping):
        before, after = then["columns"], now["columns"]
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                yield name
