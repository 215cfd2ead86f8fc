"""The items of a listing: which pages it shows, what of them, and in which order."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import Markup

from analysis.errors import ProjectError
from analysis.project import parse_yaml
from analysis.project.globs import matches
from analysis.project.project import read_text
from analysis.site.listing.config import Listing, where
from analysis.site.listing.preview import first_picture, shorten
from analysis.site.sitepage import Site, SitePage

_EMPTY = Markup("")
_DEFAULT_SORT = (("order", False), ("title", False))
_WORDS_A_MINUTE = 200
_FRONT_MATTER = re.compile(r"\A---\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BLOCK = re.compile(r"^\s*<(?:p|div|ul|ol|blockquote|pre|table|section)\b")


@dataclass(frozen=True)
class ListingItem:
    """What a listing knows of one page.

    ``path`` leads to it: relative to the site's root, or a full address. ``description`` is
    ``None`` where the content of the page ``source`` has to speak for it.
    """

    path: str | None
    source: str | None = None
    title: Markup = _EMPTY
    plain_title: str = ""
    subtitle: Markup = _EMPTY
    description: Markup | None = _EMPTY
    authors: tuple[str, ...] = ()
    date: datetime | None = None
    categories: tuple[str, ...] | None = None
    image: str | None = None
    image_alt: str | None = None
    words: int | None = None
    filename: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def minutes(self) -> int | None:
        """Estimate how long reading takes."""
        return None if self.words is None else math.ceil(self.words / _WORDS_A_MINUTE)

    def value(self, name: str) -> Any:
        """Give the field called ``name``, for sorting, filtering and further columns."""
        known: Mapping[str, Any] = {
            "title": self.plain_title or None,
            "author": list(self.authors) or None,
            "date": self.date,
            "categories": list(self.categories) if self.categories else None,
            "filename": self.filename,
            "word-count": self.words,
            "reading-time": self.minutes,
            "image": self.image,
            "path": self.path,
        }
        if name in known:
            return known[name]
        found: Any = self.metadata
        for key in name.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found


def collect(
    listing: Listing, at: SitePage, site: Site
) -> tuple[tuple[ListingItem, ...], list[str]]:
    """Find, choose and sort the items of a listing on the page ``at``; also give warnings."""
    patterns = [part for part in listing.contents if isinstance(part, str)]
    warnings: list[str] = []
    items = list(_from_patterns(patterns, listing, at, site))
    folder = PurePosixPath(at.source).parent
    for part in listing.contents:
        if not isinstance(part, str):
            items.append(_from_mapping(part, folder, listing, site))
    if not items:
        words = ", ".join(patterns) or "contents"
        warnings.append(
            f"{where(at.page, 'listing', 'contents')}: the listing `{words}` matches no page"
        )
    chosen = [
        item
        for item in items
        if all(_fits(item, *rule) for rule in listing.include.items())
        and not any(_fits(item, *rule) for rule in listing.exclude.items())
    ]
    sort = listing.sort
    if sort is None:
        # Pages come by their own `order` and title; items written out keep the author's order.
        has_pages = any(item.source in site.pages for item in chosen)
        sort = _DEFAULT_SORT if has_pages and "title" in listing.fields else ()
    return _sorted(chosen, sort), warnings


def _from_patterns(
    patterns: Sequence[str], listing: Listing, at: SitePage, site: Site
) -> Iterator[ListingItem]:
    folder = PurePosixPath(at.source).parent
    wanted = [_from_root(pattern, folder, at) for pattern in patterns]
    if any(not pattern.startswith("!") for pattern in wanted):
        for source, page in site.pages.items():
            if source != at.source and matches(source, wanted):
                yield from_page(page, listing, site)
    for pattern in wanted:
        if pattern.endswith((".yml", ".yaml")) and "*" not in pattern:
            yield from _from_file(pattern, listing, at, site)


def _from_root(pattern: str, folder: PurePosixPath, at: SitePage) -> str:
    negative, name = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    # A bare pattern such as `*` or `*.qmd` means documents at any depth.
    name = "**/" + name if name.startswith("*") and "/" not in name else name
    path = name[1:] if name.startswith("/") else (folder / name).as_posix()
    path = posixpath.normpath(path)
    if path.startswith(".."):
        raise ProjectError(
            f"`{pattern}` lies outside the project",
            where(at.page, "listing", "contents"),
            "a listing shows pages of its own project",
        )
    return negative + path


def _from_file(name: str, listing: Listing, at: SitePage, site: Site) -> Iterator[ListingItem]:
    path = site.root / name
    if not path.is_file():
        raise ProjectError(
            f"there is no file `{name}`",
            where(at.page, "listing", "contents"),
            "name a YAML file relative to the page",
        )
    value = parse_yaml(read_text(path, name), name).value
    for part in value if isinstance(value, list) else [value]:
        if not isinstance(part, dict):
            raise ProjectError(
                f"`{part}` is no listing item", where(at.page, "listing", "contents"), name
            )
        yield _from_mapping(part, PurePosixPath(name).parent, listing, site)


def from_page(page: SitePage, listing: Listing, site: Site) -> ListingItem:
    """Describe a page of the site as an item."""
    body, metadata = page.body, page.page.metadata
    folder = PurePosixPath(page.output).parent
    image, alt = metadata.get("image"), metadata.get("image-alt")
    if not isinstance(image, str) and "image" in listing.fields:
        image, alt = first_picture(body.content) or (None, None)
    described = body.description or body.abstract
    return ListingItem(
        path=page.output,
        source=page.source,
        title=Markup(body.title),
        plain_title=body.plain_title,
        subtitle=Markup(body.subtitle or ""),
        description=_described(described, listing.max_description) if described else None,
        authors=tuple(Markup(author).striptags() for author in body.authors),
        date=_date(body.date_iso),
        categories=tuple(Markup(c).striptags() for c in body.categories) or None,
        image=_below(image, folder) if image else None,
        image_alt=alt,
        words=_count_words(site.root / page.source),
        filename=PurePosixPath(page.source).name,
        metadata=metadata,
    )


def _described(text: str, limit: int | None) -> Markup:
    plain = Markup(text).striptags()
    if limit and len(plain) > limit:
        text = Markup.escape(shorten(plain, limit))
    return Markup(text if _BLOCK.match(text) else f"<p>{text}</p>")


def _from_mapping(
    value: Mapping[str, Any], folder: PurePosixPath, listing: Listing, site: Site
) -> ListingItem:
    path = str(value["path"]) if value.get("path") else None
    source = _below(path, folder) if path and "://" not in path else None
    page = site.pages.get(source) if source else None
    base = from_page(page, listing, site) if page else ListingItem(source or path)
    authors, categories = _words(value.get("author")), _words(value.get("categories"))
    title = str(value["title"]) if value.get("title") else None
    description = value.get("description")
    image = value.get("image")
    return ListingItem(
        path=base.path,
        source=base.source,
        title=Markup.escape(title) if title else base.title,
        plain_title=title or base.plain_title,
        subtitle=Markup.escape(value["subtitle"]) if value.get("subtitle") else base.subtitle,
        description=_described(Markup.escape(description), listing.max_description)
        if description
        else base.description,
        authors=authors or base.authors,
        date=_date(str(value["date"])) if value.get("date") else base.date,
        categories=categories or base.categories,
        image=_below(str(image), folder) if image else base.image,
        image_alt=value.get("image-alt") or base.image_alt,
        words=base.words,
        filename=base.filename,
        metadata={**base.metadata, **value},
    )


def _below(path: str, folder: PurePosixPath) -> str:
    if "://" in path or path.startswith("data:"):
        return path
    parts: list[str] = []
    for part in PurePosixPath(path.lstrip("/") if path.startswith("/") else folder / path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part not in (".", ".."):
            parts.append(part)
    return "/".join(parts)


def _count_words(path: Path) -> int | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return len(_FRONT_MATTER.sub("", text).split(" "))


def _date(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _words(value: Any) -> tuple[str, ...]:
    if not value:
        return ()
    return tuple(str(word) for word in (value if isinstance(value, list) else [value]))


def _fits(item: ListingItem, name: str, wanted: Any) -> bool:
    value = item.value(name)
    have = value if isinstance(value, list) else [value]
    want = wanted if isinstance(wanted, list) else [wanted]
    return any(
        matches(a, [b]) if isinstance(a, str) and isinstance(b, str) else a == b
        for a in have
        for b in want
    )


def _sorted(
    items: Sequence[ListingItem], sort: Sequence[tuple[str, bool]]
) -> tuple[ListingItem, ...]:
    found = list(items)
    for name, descending in reversed(sort):
        found.sort(key=partial(_rank, name), reverse=descending)
    return tuple(found)


def _rank(name: str, item: ListingItem) -> tuple[int, Any]:
    # Values of any kind, comparable: numbers, dates, text, and nothing at the end.
    value = item.value(name)
    if value is None:
        return 3, 0
    if isinstance(value, int | float):
        return 0, value
    if isinstance(value, datetime):
        return 1, value.timestamp()
    return 2, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
