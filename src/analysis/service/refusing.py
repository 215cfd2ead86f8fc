"""Requests that get no prediction: why, in the shape that clients of FastAPI know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

# More are not listed: who sends ten thousand wrong rows needs to see some of them.
MOST = 100


@dataclass(frozen=True)
class Detail:
    """One thing that is wrong, and where: ``("body", row, field)``."""

    loc: tuple[str | int, ...]
    msg: str
    type: str

    @property
    def field(self) -> str | None:
        """Name the field that it is about."""
        last = self.loc[-1] if len(self.loc) > 2 else None
        return last if isinstance(last, str) else None


@dataclass(frozen=True)
class Refusing:
    """A status and what is told with it; ``more`` details were counted, and are not kept."""

    status: int
    details: tuple[Detail, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    more: int = 0

    def content(self, request: str) -> dict[str, Any]:
        """Give the body of the answer."""
        listed = [{"loc": d.loc, "msg": d.msg, "type": d.type} for d in self.details]
        told: dict[str, Any] = {"detail": listed, "request_id": request}
        if self.more:
            told["more"] = self.more
        return told


class RefusedError(Exception):
    """A request cannot be answered, for a reason that its sender may know."""

    def __init__(self, refusing: Refusing) -> None:
        super().__init__(refusing.status)
        self.refusing = refusing


def refused(
    status: int,
    type_: str,
    msg: str,
    loc: Sequence[str | int] = ("body",),
    **headers: str,
) -> RefusedError:
    """Make a refusal of one detail; ``headers`` are written with ``_`` for ``-``."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return RefusedError(Refusing(status, (Detail(tuple(loc), msg, type_),), told))


def busy(msg: str) -> RefusedError:
    """Refuse because there is too much to do now."""
    return refused(503, "busy", msg, ("server",), Retry_After="1")


def unprocessable(details: Iterable[Detail], status: int = 422) -> RefusedError:
    """Refuse because of what was sent; of millions of details, only the first ones are kept."""
    found = iter(details)
    kept = tuple(islice(found, MOST))
    return RefusedError(Refusing(status, kept, more=sum(1 for _ in found)))
