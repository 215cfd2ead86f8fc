"""HTML as a tree and back, leaving alone what a tree could only damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TypeAlias

from lxml import etree, html

Element: TypeAlias = html.HtmlElement

# Scripts, drawings and formulas pass through untouched: they are long, and their case matters.
_KEPT = re.compile(r"<(script|svg|math)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_PLACE = re.compile(r"(<|&lt;)!--kept:(\d+)--(?:>|&gt;)")


class Tree:
    """The content of a page below one ``main`` element, and the pieces kept out of it."""

    def __init__(self, text: str) -> None:
        self.kept: list[str] = []
        parser = html.HTMLParser(huge_tree=True)
        self.main: Element = html.fragment_fromstring(
            _KEPT.sub(self._keep, text), create_parent="main", parser=parser
        )

    def _keep(self, match: re.Match[str]) -> str:
        self.kept.append(match[0])
        return f"<!--kept:{len(self.kept) - 1}-->"

    def inner_html(self, element: Element) -> str:
        """Write what is inside an element."""
        parts = [escape(element.text or "", quote=False)]
        parts += (etree.tostring(child, encoding="unicode", method="html") for child in element)
        return _PLACE.sub(self._restore, "".join(parts))

    def _restore(self, match: re.Match[str]) -> str:
        piece = self.kept[int(match[2])]
        # Inside an attribute the place was escaped, and so must be the piece.
        return piece if match[1] == "<" else escape(piece)


def classes(element: Element) -> list[str]:
    """List the classes of an element."""
    return (element.get("class") or "").split()


def add_classes(element: Element, *names: str) -> None:
    """Add classes that the element does not have yet."""
    present = classes(element)
    element.set("class", " ".join(present + [name for name in names if name not in present]))


def remove_classes(element: Element, *names: str) -> None:
    """Take classes off an element."""
    left = [name for name in classes(element) if name not in names]
    if left:
        element.set("class", " ".join(left))
    elif "class" in element.attrib:
        del element.attrib["class"]


def with_class(root: Element, name: str) -> Iterator[Element]:
    """List the elements below ``root`` that have a class, in the order of the page."""
    found = root.xpath(
        ".//*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))]",
        name=name,
    )
    yield from found


def within(element: Element, *names: str) -> bool:
    """Tell whether an ancestor has one of the classes."""
    return any(name in classes(parent) for parent in element.iterancestors() for name in names)


def replace(old: Element, new: Element) -> None:
    """Put ``new`` where ``old`` is; the text after it stays."""
    new.tail, old.tail = old.tail, None
    old.getparent().replace(old, new)


def detach(element: Element) -> Element:
    """Take an element out of its place; the text after it stays there."""
    element.drop_tree()
    element.tail = None
    return element


def rename(root: Element) -> None:
    """Give elements the tag that the filters asked for."""
    for element in root.xpath(".//*[@data-element]"):
        element.tag = element.attrib.pop("data-element")
        if element.tag in ("pre", "figcaption", "summary"):
            _trim(element)


def _trim(element: Element) -> None:
    element.text = (element.text or "").removeprefix("\n")
    if len(element):
        element[-1].tail = (element[-1].tail or "").removesuffix("\n")
    else:
        element.text = element.text.removesuffix("\n")
