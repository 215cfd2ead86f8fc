"""Listings as HTML, with the marks that Quarto's own listings carry."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree, html
from markupsafe import Markup

from analysis.site.body.dates import format_date
from analysis.site.links import relative
from analysis.site.listing.config import Listing, listing_warnings, read_listings
from analysis.site.listing.items import ListingItem, collect
from analysis.site.listing.preview import first_words
from analysis.site.sitepage import Site, SitePage
from analysis.site.template import environment

_NAMES = {
    "image": " ",
    "date": "Date",
    "title": "Title",
    "description": "Description",
    "author": "Author",
    "filename": "File Name",
    "subtitle": "Subtitle",
    "reading-time": "Reading Time",
    "word-count": "Word Count",
    "categories": "Categories",
}
# Fields that have a place of their own in lists and cards.
_PLACED = frozenset(
    (
        "title",
        "image",
        "image-alt",
        "date",
        "author",
        "subtitle",
        "description",
        "categories",
        "reading-time",
    )
)
_SORTABLE = ("title", "date", "author", "filename")
_PLACEHOLDER = re.compile(r"<!-- first words of (.*?) up to (\d+) -->")
_DEFAULT_LIMIT = 175


@dataclass(frozen=True)
class Row:
    """An item as the template shows it; all values are ready to print."""

    href: str | None
    item: ListingItem
    attributes: Markup
    date: str | None
    author: str | None
    description: Markup
    image: str | None


@dataclass(frozen=True)
class RenderedListings:
    """A page's content with its listings in it, and what belongs beside it.

    ``paths`` are the pages shown, ``margin`` the categories. The first words of pages that
    describe themselves by their content are still to be filled in: see :func:`fill_in`.
    """

    content: str
    margin: Markup
    paths: tuple[str, ...]
    resources: tuple[str, ...]
    warnings: tuple[str, ...]


def render_listings(at: SitePage, site: Site) -> RenderedListings | None:
    """Put the listings that a page asks for into its content; ``None`` where it has none."""
    listings = read_listings(at.page)
    if not listings:
        return None
    content, warnings = at.body.content, list(listing_warnings(at.page))
    found: list[ListingItem] = []
    for listing in listings:
        items, more = collect(listing, at, site)
        warnings += more
        found += items
        content = _place(content, listing.id, _render(listing, items, at))
    style = next((listing.categories for listing in listings if listing.categories), None)
    images = (item.image for item in found if item.image and "://" not in item.image)
    return RenderedListings(
        content,
        _categories(found, style) if style else Markup(),
        tuple(dict.fromkeys(item.path for item in found if item.path)),
        tuple(dict.fromkeys(image for image in images if not image.startswith("data:"))),
        tuple(warnings),
    )


def fill_in(content: str, site: Site) -> str:
    """Put the first words of pages where a listing asks for them; ids stay unique."""
    if "<!-- first words of " not in content:
        return content
    taken = set(re.findall(r'\bid="([^"]+)"', content))

    def words(match: re.Match[str]) -> str:
        page = site.pages[match[1]]
        return _without_ids(first_words(page.body.content, int(match[2])), taken)

    return _PLACEHOLDER.sub(words, content)


def encode_categories(words: Sequence[str]) -> str:
    """Write categories as Quarto's scripts read them: joined, percent- and base64-encoded."""
    return base64.b64encode(quote(",".join(words), safe="!'()*-._~").encode()).decode()


def _without_ids(words: str, taken: set[str]) -> str:
    root = html.fragment_fromstring(words, create_parent="div")
    for element in root.iter():
        name = element.get("id")
        if name in taken:
            del element.attrib["id"]
        elif name:
            taken.add(name)
    return _inside(root)


def _inside(root: html.HtmlElement) -> str:
    text: str = etree.tostring(root, encoding="unicode", method="html")
    return text.removeprefix("<div>").removesuffix("</div>")


def _render(listing: Listing, items: Sequence[ListingItem], at: SitePage) -> str:
    shown = items[: listing.max_items]
    rows = [_row(listing, item, index, at) for index, item in enumerate(shown)]
    fields = listing.fields if listing.has_own_fields else _present(listing.fields, items)
    names = {**_NAMES, **listing.names}
    return (
        environment()
        .get_template(f"listing-{listing.type}.html")
        .render(
            listing=listing,
            rows=rows,
            fields=fields,
            others=[name for name in fields if name not in _PLACED],
            names=names,
            sorts=_sorts(listing, fields, names),
        )
    )


def _present(fields: Sequence[str], items: Sequence[ListingItem]) -> tuple[str, ...]:
    has_text = {"description": True, "image": True}
    return tuple(
        name
        for name in fields
        if has_text.get(name) or any(item.value(name) is not None for item in items)
    )


def _row(listing: Listing, item: ListingItem, index: int, at: SitePage) -> Row:
    def address(path: str | None) -> str | None:
        if path is None or "://" in path or path.startswith("data:"):
            return path
        return relative(path, at.output)

    lang = str(at.page.metadata.get("lang") or "en")
    description = item.description
    if description is None:
        limit = listing.max_description or _DEFAULT_LIMIT
        description = Markup(f"<!-- first words of {item.source} up to {limit} -->")
    return Row(
        href=address(item.path),
        item=item,
        attributes=_attributes(listing, item, index),
        date=format_date(item.date, listing.date_format or "medium", lang) if item.date else None,
        author=", ".join(item.authors) or None,
        description=description,
        image=address(item.image),
    )


def _attributes(listing: Listing, item: ListingItem, index: int) -> Markup:
    marks: dict[str, object] = {"index": index}
    if item.categories:
        marks["categories"] = encode_categories(item.categories)
    if item.date:
        marks["listing-date-sort"] = round(item.date.timestamp() * 1000)
        marks["listing-date-modified-sort"] = "NaN"
    if item.words is not None:
        marks["listing-reading-time-sort"] = item.minutes
        marks["listing-word-count-sort"] = item.words
    if listing.type == "table":
        marks["listing-title-sort"] = quote(item.plain_title)
        marks["listing-filename-sort"] = quote(item.filename or "")
    return Markup(" ").join(Markup('data-{}="{}"').format(*mark) for mark in marks.items())


def _sorts(
    listing: Listing, fields: Sequence[str], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    # Each choice: what to sort by, the direction, and its words.
    out = []
    for name in _SORTABLE:
        if name not in fields:
            continue
        if name == "date":
            out.append(("listing-date-sort", "asc", f"{names[name]} - Oldest"))
            out.append(("listing-date-sort", "desc", f"{names[name]} - Newest"))
        else:
            linked = listing.type == "table" and name in ("title", "filename")
            out.append((f"listing-{name}{'-sort' if linked else ''}", "asc", names[name]))
    return out


def _categories(items: Sequence[ListingItem], style: str) -> Markup:
    counts = Counter(word for item in items for word in item.categories or ())
    rows = [
        (word, encode_categories([word]), counts[word], -(-counts[word] * 10 // len(items)))
        for word in sorted(counts, key=str.casefold)
    ]
    template = environment().get_template("listing-categories.html")
    return Markup(template.render(rows=rows, style=style, total=len(items)))


def _place(content: str, name: str, listing: str) -> str:
    """Put a listing where the page has a div for it, or else at the end."""
    holder = f'id="{name}"'
    if holder in content:
        root = html.fragment_fromstring(content, create_parent="div")
        for element in root.xpath("//div[@id=$name]", name=name):
            new = html.fragment_fromstring(listing)
            for word in element.get("class", "").split():
                new.classes.add(word)
            new.tail = element.tail
            element.getparent().replace(element, new)
            return _inside(root)
    return content + "\n" + listing
