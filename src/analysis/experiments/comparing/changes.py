"""What is otherwise in one mapping than in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Stands for what is not there, which ``None`` may be a value of.
MISSING = "(none)"


@dataclass(frozen=True)
class Change:
    """Something that was ``then`` and is ``now``; ``(none)`` where it is not there at all."""

    name: str
    then: Any
    now: Any


def changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give what is not the same, in the order of ``then`` and after that of ``now``."""
    return tuple(
        Change(name, then.get(name, MISSING), now.get(name, MISSING))
        for name in dict.fromkeys([*then, *now])
        if not _same(then.get(name, MISSING), now.get(name, MISSING))
    )


def flattened(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give the values within nested mappings and lists, by paths such as ``steps.0.estimator``."""
    inner: Mapping[Any, Any] = {}
    if isinstance(value, Mapping):
        inner = value
    elif isinstance(value, list | tuple):
        inner = dict(enumerate(value))
    if not inner:
        yield path, value
    for key, part in inner.items():
        yield from flattened(part, f"{path}.{key}" if path else str(key))


def _same(then: Any, now: Any) -> bool:
    # To Python 1, 1.0 and True are the same.
    return type(then) is type(now) and bool(then == now)
