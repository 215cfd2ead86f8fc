"""Footnotes and references in the margin, beside the text that they belong to."""

from __future__ import annotations

import copy

from lxml import html

from analysis.site.body.columns import HOLDERS
from analysis.site.body.dom import Element, add_classes, classes
from analysis.site.body.options import BodyOptions


def move_notes(main: Element, options: BodyOptions) -> None:
    """Move footnotes and references where ``*-location: margin`` asks for it."""
    if options.reference_location == "margin":
        for link in main.xpath(".//a[@role='doc-noteref']"):
            _move_footnote(main, link)
        for section in main.xpath(".//section[@role='doc-endnotes']"):
            section.drop_tree()
    if options.citation_location == "margin":
        for link in main.xpath(".//a[@role='doc-biblioref']"):
            _move_reference(main, link)
        for entries in main.xpath(".//*[@id='refs']"):
            entries.drop_tree()


def _move_footnote(main: Element, link: Element) -> None:
    for item in main.xpath(".//li[@id=$id]", id=link.get("href", "").removeprefix("#")):
        for back in item.xpath(".//a[@role='doc-backlink']"):
            back.drop_tree()
        note = html.Element("div", {"id": item.get("id"), "class": "column-margin"})
        note.extend(list(item))
        mark = copy.deepcopy(link[0])
        first = note[0]
        mark.tail, first.text = "\u00a0" + (first.text or ""), None
        first.insert(0, mark)
        _put_behind(link, note)


def _move_reference(main: Element, link: Element) -> None:
    """Show a reference where it is cited first."""
    label = link.get("href", "").removeprefix("#")
    for entry in main.xpath(".//*[@id='refs']/*[@id=$id]", id=label):
        entry.tail = None
        entry.attrib.pop("role", None)
        add_classes(entry, "column-margin")
        _put_behind(link, entry)


def _put_behind(link: Element, note: Element) -> None:
    anchor = link
    while anchor.getparent().tag not in HOLDERS:
        anchor = anchor.getparent()
    following = anchor.getnext()
    while following is not None and "column-margin" in classes(following):
        anchor, following = following, following.getnext()
    note.tail, anchor.tail = anchor.tail, None
    anchor.addnext(note)
