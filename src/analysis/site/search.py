"""``search.json``: the text of each page, cut at its second-level headings as Quarto cuts it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lxml import html

_HEADINGS = ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"
_SECTIONS = (
    ".//section[contains(concat(' ', @class, ' '), ' level2 ')"
    " or contains(concat(' ', @class, ' '), ' footnotes ')]"
)
_FORCED = ".//*[contains(concat(' ', @class, ' '), ' quarto-include-in-search-index ')]"

Entry = dict[str, str | list[str]]


def search_entries(output: str, title: str, content: str, crumbs: list[str] | None) -> list[Entry]:
    """Index one page: its text outside of sections, then each section.

    ``content`` is the HTML below the title; ``output`` the page's path in the site.
    """
    root = html.fragment_fromstring(content, create_parent="div")
    for element in root.xpath(".//script|.//style|.//nav[@role='doc-toc']"):
        element.drop_tree()
    for element in root.xpath(".//math"):
        _write_as_tex(element)
    parts = list(_parts(root))
    return [
        _entry(output + anchor, title, section, text, crumbs) for anchor, section, text in parts
    ]


def write_search(entries: Sequence[Entry]) -> str:
    """Write the index as Quarto does."""
    return json.dumps(entries, ensure_ascii=False, indent=2)


def _write_as_tex(element: html.HtmlElement) -> None:
    # What a reader would type, as Quarto has it; the text of MathML says little.
    note = element.xpath(".//annotation")
    is_block = element.get("display") == "block"
    opening, closing = (r"\[", r"\]") if is_block else (r"\(", r"\)")
    words = f"{opening}{note[0].text_content() if note else element.text_content()}{closing}"
    for child in list(element):
        element.remove(child)
    element.text = words


def _parts(root: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    sections = root.xpath(_SECTIONS)
    if not sections:
        if text := root.text_content().strip():
            yield "", "", text
        return
    if words := list(_outside(root)):
        yield "", "", "\n".join(words)
    for section in sections:
        heading = next(iter(section.xpath(".//h2")), None)
        title = " ".join(heading.text_content().split()) if heading is not None else ""
        text = section.text_content().strip()
        if heading is not None:
            heading.drop_tree()
        if section.get("id") and text:
            yield f"#{section.get('id')}", title, text


def _outside(root: html.HtmlElement) -> Iterator[str]:
    # The page's own entry: its first element, whatever that is, and loose paragraphs and cells.
    first = next((child for child in root if isinstance(child.tag, str)), None)
    if first is not None:
        for heading in first.xpath(_HEADINGS):
            heading.drop_tree()
        yield from _words(first)
    rest = root.xpath("./p|./div[contains(concat(' ', @class, ' '), ' cell ')]")
    for element in (*rest, *root.xpath(_FORCED)):
        yield from _words(element)


def _words(element: html.HtmlElement) -> Iterator[str]:
    text = element.text_content().strip()
    element.drop_tree()
    if text:
        yield text


def _entry(href: str, title: str, section: str, text: str, crumbs: list[str] | None) -> Entry:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    entry: Entry = {
        "objectID": href,
        "href": href,
        "title": title,
        "section": section,
        "text": escaped,
    }
    return {**entry, "crumbs": crumbs} if crumbs else entry
