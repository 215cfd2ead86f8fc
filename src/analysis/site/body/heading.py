"""What stands above a page's content: authors, dates and categories, as text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.site.body.dates import format_date, parse_date
from analysis.site.body.model import BodyContext


@dataclass(frozen=True)
class Heading:
    """The plain parts of a title block."""

    authors: tuple[str, ...]
    date: str | None
    date_iso: str | None
    categories: tuple[str, ...]


def read_heading(
    metadata: Mapping[str, Any], source: str, lang: str, context: BodyContext
) -> Heading:
    """Read the title block's plain parts from a page's metadata."""
    shown, iso = _dates(metadata, source, lang, context)
    return Heading(
        authors=tuple(name for item in _list(metadata.get("author")) if (name := _author(item))),
        date=shown,
        date_iso=iso,
        categories=tuple(str(item) for item in _list(metadata.get("categories"))),
    )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _author(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    name = item.get("name")
    if isinstance(name, Mapping):
        parts = [name.get("literal")] if name.get("literal") else []
        parts = parts or [name.get("given"), name.get("family")]
        return " ".join(str(part) for part in parts if part)
    return str(name or item.get("literal") or "")


def _dates(
    metadata: Mapping[str, Any], source: str, lang: str, context: BodyContext
) -> tuple[str | None, str | None]:
    value: Any = metadata.get("date")
    if value is None or value is False or value == "":
        return None, None
    style = metadata.get("date-format")
    if isinstance(value, Mapping):
        style = value.get("format", style)
        value = value.get("value")
    moment = parse_date(value, context.today, _modified(source, context))
    if moment is None:
        return str(value), None
    iso = moment.isoformat()[: len("2026-01-31")]
    return format_date(moment, str(style or "long"), lang), iso


def _modified(source: str, context: BodyContext) -> datetime.date:
    """Tell when the document was last changed, for display only."""
    try:
        seconds = (context.root / source).stat().st_mtime
    except OSError:
        return context.today
    return datetime.datetime.fromtimestamp(seconds).date()
