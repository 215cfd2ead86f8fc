"""What a listing shows of a page that says nothing about itself: its first words, a picture."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

from lxml import etree, html

_NAMED = re.compile(r"(?i)(?:preview|feature|cover|thumbnail).*\.(?:png|gif|jpe?g|webp|svg)$")


def first_words(content: str, limit: int | None) -> str:
    """Give the first paragraph of a page's content, or else its first element, as HTML.

    Links, pictures and buttons are left out; ``limit`` counts letters of text.
    """
    root = html.fragment_fromstring(content, create_parent="div")
    _clean(root)
    for paragraph in root.iter("p"):
        _truncate(paragraph, limit)
        if (inner := _inner(paragraph)).strip():
            return inner
    for element in root:
        if isinstance(element.tag, str):
            for heading in element.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
                heading.drop_tree()
            _truncate(element, limit)
            if (inner := _inner(element)).strip():
                return inner
    return ""


def first_picture(content: str) -> tuple[str, str | None] | None:
    """Give address and text of the picture that stands for a page, if it has a local one."""
    root = html.fragment_fromstring(content, create_parent="div")
    pictures = [p for p in root.iter("img") if not p.get("src", "http:").startswith("http")]
    marked = [p for p in pictures if "preview-image" in p.get("class", "").split()]
    named = [p for p in pictures if _NAMED.search(unquote(p.get("src", "")))]
    for picture in (*marked, *named, *pictures):
        return picture.get("src", ""), picture.get("alt")
    return None


def _clean(root: html.HtmlElement) -> None:
    unwanted = ".//nav|.//img|.//style|.//script|.//*[@aria-hidden='true']"
    buttons = ".//button[contains(@class, 'code-copy-button')]"
    for element in root.xpath(f"{unwanted}|{buttons}"):
        element.drop_tree()
    for link in list(root.iter("a")):
        link.drop_tag()
    for element in root.iter():
        element.attrib.pop("role", None)


def _truncate(element: html.HtmlElement, limit: int | None) -> None:
    if limit is None or len(element.text_content()) <= limit:
        return
    left = limit
    for part in element.iter():
        if isinstance(part.tag, str):
            part.text, left = _cut(part.text, left)
        if part is not element:
            part.tail, left = _cut(part.tail, left)


def _cut(text: str | None, left: int) -> tuple[str | None, int]:
    if not text:
        return text, left
    if left <= 0:
        return None, left
    if len(text) <= left:
        return text, left - len(text)
    return shorten(text, left), 0


def shorten(text: str, limit: int) -> str:
    """Cut text at a space so that it has at most ``limit`` letters, with an ellipsis."""
    if len(text) <= limit:
        return text
    return (text[:limit].rsplit(" ", 1)[0] or text[:limit]).rstrip() + "…"


def _inner(element: html.HtmlElement) -> str:
    start = escape(element.text, quote=False) if element.text else ""
    return start + "".join(
        etree.tostring(child, encoding="unicode", method="html") for child in element
    )
