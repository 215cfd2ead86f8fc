"""Dates as a page shows them: Quarto's styles and its format tokens, in any language."""

from __future__ import annotations

import datetime
import re
from typing import Any

from babel import Locale, UnknownLocaleError, dates

_STYLES = ("short", "medium", "long", "full")
# Quarto's tokens as those of the CLDR.
_CLDR = {
    "YYYY": "yyyy",
    "YY": "yy",
    "dddd": "EEEE",
    "ddd": "EEE",
    "DD": "dd",
    "D": "d",
    "A": "a",
    "Z": "xxx",
}
_TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|dddd|ddd|Do|DD|D|HH|H|hh|h|mm|ss|A|a|Z")
_INPUTS = ("%m/%d/%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%Y/%m/%d", "%d.%m.%Y")

Moment = datetime.date | datetime.datetime


def parse_date(value: Any, today: datetime.date, modified: datetime.date) -> Moment | None:
    """Read what stands under ``date:``; None when it is no date."""
    if isinstance(value, datetime.date):
        return value
    text = str(value).strip()
    if text in ("today", "now"):
        return today
    if text == "last-modified":
        return modified
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment if len(text) > len("2026-01-31") else moment.date()
    except ValueError:
        return _parse_other(text)


def _parse_other(text: str) -> datetime.date | None:
    for pattern in _INPUTS:
        try:
            return datetime.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def format_date(moment: Moment, style: str, lang: str) -> str:
    """Write a date in one of Quarto's styles or with its tokens (``MMM D, YYYY``)."""
    locale = _locale(lang)
    if style in _STYLES:
        return dates.format_date(moment, style, locale)
    pattern = "YYYY-MM-DD" if style == "iso" else style
    return _TOKEN.sub(lambda match: _token(match, moment, locale), pattern)


def _locale(lang: str) -> Locale:
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def _token(match: re.Match[str], moment: Moment, locale: Locale) -> str:
    if match[1] is not None:
        return match[1]
    token = match[0]
    if token == "Do":
        return _ordinal(moment.day)
    if token == "a":
        return dates.format_datetime(moment, "a", locale=locale).lower()
    return dates.format_datetime(moment, _CLDR.get(token, token), locale=locale)


def _ordinal(day: int) -> str:
    teen = 10 < day % 100 < 14
    return f"{day}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
