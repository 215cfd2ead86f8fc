"""Sending rows, and what becomes of those that the server refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from analysis.errors import ModelError
from analysis.models.bundle.record import Bundle
from analysis.monitoring.replaying.client import Answer, details_of, said
from analysis.monitoring.replaying.row import PastRow

PATH = "/predict"
Ask = Callable[[str, Any], Answer]
# Whole columns are wrong then, so that no row could be taken.
_SHAPES = frozenset({"missing", "unknown"})


@dataclass(frozen=True)
class Sent:
    """Rows that were answered; and those that were refused, each with the reason."""

    answered: tuple[PastRow, ...] = ()
    refused: tuple[tuple[PastRow, str], ...] = ()

    def __add__(self, other: Sent) -> Sent:
        """Put two together."""
        return Sent(self.answered + other.answered, self.refused + other.refused)


def check_server(ask: Ask, bundle: Bundle) -> None:
    """See that the server is there, lets us in, and serves this model.

    Raises
    ------
    ModelError
        It does not.
    """
    answer = ask("/metadata", None)
    if answer.status in (401, 403):
        _fail(answer)
    name = answer.content.get("name") if isinstance(answer.content, dict) else None
    if isinstance(name, str) and answer.status == 200 and name != bundle.model:
        raise ModelError(
            f"the server serves the model `{name}`, and not `{bundle.model}`",
            hint="name another server, or leave `--url` out: then one is started",
        )


def send(ask: Ask, rows: Sequence[PastRow]) -> Sent:
    """Send rows in one request; those that the server names as wrong are left out of the next.

    A request that is too large is sent in halves.

    Raises
    ------
    ModelError
        The server takes none of them.
    """
    left = list(rows)
    refused: list[tuple[PastRow, str]] = []
    while left:
        answer = ask(PATH, [row.record for row in left])
        if answer.status == 200:
            return Sent(tuple(left), tuple(refused))
        if answer.status == 413 and len(left) > 1:
            middle = len(left) // 2
            halves = send(ask, left[:middle]) + send(ask, left[middle:])
            return halves + Sent((), tuple(refused))
        wrong = _named(answer, len(left))
        if not wrong:
            _fail(answer)
        refused += [(left[place], why) for place, why in wrong.items()]
        left = [row for place, row in enumerate(left) if place not in wrong]
    return Sent((), tuple(refused))


def _named(answer: Answer, rows: int) -> dict[int, str]:
    """Say which rows are wrong, and why; of a refusal that is of no row there are none."""
    found: dict[int, str] = {}
    if answer.status != 422:
        return found
    for detail in details_of(answer):
        loc = detail.get("loc")
        if detail.get("type") in _SHAPES or not isinstance(loc, list) or len(loc) < 2:
            return {}
        place = loc[1]
        if isinstance(place, int) and 0 <= place < rows:
            field = f"`{loc[2]}`: " if len(loc) > 2 else ""
            found.setdefault(place, f"{field}{detail.get('msg')}")
    return found


def _fail(answer: Answer) -> NoReturn:
    details = details_of(answer)
    if answer.status in (401, 403):
        raise ModelError(
            f"the server refuses: {said(answer)}", hint="name a key of it: --key, ANALYSIS_API_KEY"
        )
    if details and details[0].get("type") in _SHAPES:
        field = (details[0].get("loc") or [""])[-1]
        raise ModelError(
            f"the server takes other rows than this model: `{field}`: {said(answer)}",
            hint="see that it serves this model: `analysis model show NAME`",
        )
    raise ModelError(f"the server refuses: {said(answer)}", hint="its own log says more")
