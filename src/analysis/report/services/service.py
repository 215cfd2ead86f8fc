"""One service of a project, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a service is: it works, needs a look, is not set up yet, or does not work."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """What a check found, in one sentence, and what to do where something is to be done."""

    state: State
    said: str
    hint: str | None = None


@dataclass(frozen=True)
class Service:
    """A service: what it is for, what provides it here, and what its check found."""

    name: str
    purpose: str
    provider: str
    found: Finding

    @property
    def state(self) -> State:
        """Give the state that the check found."""
        return self.found.state


def ok(said: str) -> Finding:
    """Say that it works."""
    return Finding(State.OK, said)


def warning(said: str, hint: str) -> Finding:
    """Say that it works, but needs a look."""
    return Finding(State.WARNING, said, hint)


def missing(said: str, hint: str) -> Finding:
    """Say that it is not set up, which a project may be without."""
    return Finding(State.MISSING, said, hint)


def broken(said: str, hint: str) -> Finding:
    """Say that it does not work."""
    return Finding(State.BROKEN, said, hint)
