"""Periods: in which one a day is, where it ends, and what people call it."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.monitoring.declared.record import Period

_MONTHS = {"month": 1, "quarter": 3}


def begin_of(day: date, period: Period) -> date:
    """Give the first day of the period that ``day`` is in; weeks begin on Monday."""
    if period == "day":
        return day
    if period == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def finish_of(begin: date, period: Period) -> date:
    """Give the first day after the period that begins at ``begin``."""
    if period in ("day", "week"):
        return begin + timedelta(days=1 if period == "day" else 7)
    month = begin.month - 1 + _MONTHS[period]
    return date(begin.year + month // 12, month % 12 + 1, 1)


def name_of(begin: date, period: Period) -> str:
    """Name it: ``2013-09-30``, ``2013-W40``, ``2013-09`` or ``2013-Q3``."""
    if period == "day":
        return begin.isoformat()
    if period == "week":
        year, week, _ = begin.isocalendar()
        return f"{year}-W{week:02}"
    if period == "month":
        return f"{begin:%Y-%m}"
    return f"{begin.year}-Q{(begin.month + 2) // 3}"
