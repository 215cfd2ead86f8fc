"""Which days are replayed, and how long after their labels come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pydantic_core import PydanticCustomError

from analysis.errors import ProjectError
from analysis.monitoring.declared.specs import days


@dataclass(frozen=True)
class Span:
    """Days, the last one included."""

    begin: date
    last: date

    @property
    def finish(self) -> date:
        """Give the day after the last."""
        return self.last + timedelta(days=1)

    def __str__(self) -> str:
        """Write it as people say it."""
        return f"{self.begin} to {self.last}"


def span_of(begin: str, last: str) -> Span:
    """Read the two days.

    Raises
    ------
    ProjectError
        One is no day, or the last is before the first.
    """
    span = Span(_day(begin, "--from"), _day(last, "--to"))
    if span.last < span.begin:
        raise ProjectError(
            f"the last day, {span.last}, is before the first, {span.begin}",
            hint="exchange `--from` and `--to`",
        )
    return span


def delay_of(text: str) -> timedelta:
    """Read how long after the time of a row its label is known, such as ``2d``.

    Raises
    ------
    ProjectError
        It is no duration.
    """
    try:
        return timedelta(days=days(text))
    except (PydanticCustomError, OverflowError):
        raise ProjectError(
            f"`{text}` is no delay of labels", hint="write a number with m, h, d or w: 2d"
        ) from None


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProjectError(
            f"`{text}` is no day", hint=f"write year, month and day: {option} 2013-07-01"
        ) from None
