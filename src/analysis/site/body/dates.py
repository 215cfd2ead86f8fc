"""Dates as a page shows them: Quarto's styles and its format tokens."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
_STYLES = {
    "full": {"en": "dddd, MMMM D, YYYY", "de": "dddd, D. MMMM YYYY", "": "dddd D MMMM YYYY"},
    "long": {"en": "MMMM D, YYYY", "de": "D. MMMM YYYY", "": "D MMMM YYYY"},
    "medium": {"en": "MMM D, YYYY", "de": "DD.MM.YYYY", "": "D MMM YYYY"},
    "short": {"en": "M/D/YY", "de": "DD.MM.YY", "": "DD/MM/YYYY"},
    "iso": {"": "YYYY-MM-DD"},
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
    language = lang.lower().split("-")[0]
    language = language if language in _MONTHS else "en"
    forms = _STYLES.get(style)
    pattern = (forms.get(language) or forms.get("") or "") if forms else style
    return _TOKEN.sub(lambda match: _token(match, moment, language), pattern)


def _token(match: re.Match[str], moment: Moment, language: str) -> str:
    if match[1] is not None:
        return match[1]
    time = moment if isinstance(moment, datetime.datetime) else _midnight(moment)
    month = _MONTHS[language].split()[moment.month - 1]
    day = _DAYS[language].split()[moment.weekday()]
    give: dict[str, Callable[[], str]] = {
        "YYYY": lambda: f"{moment.year:04}",
        "YY": lambda: f"{moment.year % 100:02}",
        "MMMM": lambda: month,
        "MMM": lambda: month[:3],
        "MM": lambda: f"{moment.month:02}",
        "M": lambda: str(moment.month),
        "dddd": lambda: day,
        "ddd": lambda: day[:3],
        "Do": lambda: _ordinal(moment.day),
        "DD": lambda: f"{moment.day:02}",
        "D": lambda: str(moment.day),
        "HH": lambda: f"{time.hour:02}",
        "H": lambda: str(time.hour),
        "hh": lambda: f"{(time.hour - 1) % 12 + 1:02}",
        "h": lambda: str((time.hour - 1) % 12 + 1),
        "mm": lambda: f"{time.minute:02}",
        "ss": lambda: f"{time.second:02}",
        "A": lambda: "AM" if time.hour < 12 else "PM",
        "a": lambda: "am" if time.hour < 12 else "pm",
        "Z": lambda: time.strftime("%z") or "",
    }
    return give[match[0]]()


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day)


def _ordinal(day: int) -> str:
    teen = 10 < day % 100 < 14
    return f"{day}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
