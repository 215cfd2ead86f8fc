"""``listing:`` of a page's front matter, read into frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.documents.page import Page
from analysis.errors import Location, ProjectError
from analysis.project import parse_yaml

TYPES = ("default", "grid", "table")
_FIELDS = {
    "default": ("date", "title", "author", "subtitle", "image", "description"),
    "grid": ("title", "author", "date", "image", "description"),
    "table": ("date", "title", "author"),
}
_PAGE_SIZES = {"default": 25, "grid": 18, "table": 30}
KNOWN = frozenset(
    (
        "id",
        "type",
        "contents",
        "sort",
        "fields",
        "categories",
        "sort-ui",
        "filter-ui",
        "page-size",
        "date-format",
        "max-items",
        "max-description-length",
        "image-align",
        "image-height",
        "grid-columns",
        "table-striped",
        "table-hover",
        "field-display-names",
        "include",
        "exclude",
    )
)


@dataclass(frozen=True)
class Listing:
    """One listing. ``sort`` holds fields with ``True`` for descending; ``None`` lets us choose.

    ``contents`` are patterns relative to the page, or items written out. ``fields`` is ``None``
    where the page does not choose.
    """

    id: str
    type: str
    contents: tuple[str | Mapping[str, Any], ...]
    sort: tuple[tuple[str, bool], ...] | None
    fields: tuple[str, ...]
    has_own_fields: bool
    categories: str | None
    sort_ui: bool
    filter_ui: bool
    page_size: int
    date_format: str | None
    max_items: int | None
    max_description: int | None
    image_align: str
    image_height: str | None
    grid_columns: int
    striped: bool
    names: Mapping[str, str]
    include: Mapping[str, Any]
    exclude: Mapping[str, Any]


def read_listings(page: Page) -> tuple[Listing, ...]:
    """Read the listings of a page, if it has any.

    Raises
    ------
    ProjectError
        A listing is no mapping or has an unknown type.
    """
    value = page.metadata.get("listing")
    if not value:
        return ()
    if isinstance(value, list):
        return tuple(_read(page, part, f"listing-{n}") for n, part in enumerate(value, 1))
    return (_read(page, value, "listing"),)


def listing_warnings(page: Page) -> Iterator[str]:
    """Name each option of the page's listings that has no effect."""
    value = page.metadata.get("listing") or ()
    for at, part in enumerate(value if isinstance(value, list) else [value]):
        for key in part if isinstance(part, dict) else ():
            if key not in KNOWN:
                keys = ("listing", at, key) if isinstance(value, list) else ("listing", key)
                yield f"{where(page, *keys)}: `listing.{key}` has no effect here"


def where(page: Page, *keys: str | int) -> Location:
    """Locate a key of the page's front matter."""
    _, _, rest = page.markdown.partition("---\n")
    front, mark, _ = rest.partition("\n---")
    if not mark or not page.markdown.startswith("---"):
        return Location(page.source)
    return parse_yaml(front, page.source, first_line=2).where(*keys)


def _read(page: Page, value: Any, default_id: str) -> Listing:
    if value is True or isinstance(value, str):
        value = {"type": value if isinstance(value, str) else "default"}
    if not isinstance(value, dict):
        raise ProjectError("a listing is a mapping", where(page, "listing"), "use `contents:`")
    kind = str(value.get("type") or "default")
    if kind not in TYPES:
        raise ProjectError(
            f"unknown type of listing `{kind}`",
            where(page, "listing", "type"),
            "use default, grid or table",
        )
    categories = _category_style(value.get("categories"))
    own = value.get("fields")
    fields = tuple(str(field) for field in (_list(own) if own else _FIELDS[kind]))
    if categories and not own and kind != "table":
        fields = (*fields, "categories")
    return Listing(
        id=str(value.get("id") or default_id),
        type=kind,
        contents=tuple(_list(value.get("contents") or "*")),
        sort=_sort(value.get("sort")),
        fields=fields,
        has_own_fields=bool(own),
        categories=categories,
        sort_ui=bool(value.get("sort-ui", kind == "table")),
        filter_ui=bool(value.get("filter-ui", kind == "table")),
        page_size=int(value.get("page-size") or _PAGE_SIZES[kind]),
        date_format=value.get("date-format") or page.metadata.get("date-format"),
        max_items=int(value["max-items"]) if value.get("max-items") else None,
        max_description=value.get("max-description-length") or (175 if kind == "grid" else None),
        image_align=str(value.get("image-align") or "right"),
        image_height=value.get("image-height") or {"grid": "150px", "table": "40px"}.get(kind),
        grid_columns=int(value.get("grid-columns") or 3),
        striped=bool(value.get("table-striped")),
        names=value.get("field-display-names") or {},
        include=value.get("include") or {},
        exclude=value.get("exclude") or {},
    )


def _sort(value: Any) -> tuple[tuple[str, bool], ...] | None:
    if value is False:
        return ()
    if value is None or value is True:
        return None
    parts = (str(part).split() for part in _list(value))
    return tuple((words[0], len(words) > 1 and words[1] != "asc") for words in parts if words)


def _category_style(value: Any) -> str | None:
    if not value:
        return None
    return f"category-{value}" if value in ("unnumbered", "cloud") else "category-default"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
