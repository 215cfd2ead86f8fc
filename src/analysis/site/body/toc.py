"""Headings: their anchors, and the table of contents."""

from __future__ import annotations

import copy
import re

from analysis.site.body.dom import Element, Tree, add_classes, classes, within
from analysis.site.body.model import TocEntry
from analysis.site.body.options import BodyOptions

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def finish_headings(main: Element, options: BodyOptions) -> None:
    """Give headings and figures the anchor that a reader can copy."""
    for section in _sections(main):
        heading = _heading(section)
        if heading is None or heading.tag == "h1":
            continue
        heading.set("data-anchor-id", section.get("id", ""))
        if options.anchor_sections and "no-anchor" not in classes(heading):
            add_classes(heading, "anchored")
    for figure in main.xpath(".//div[@id]"):
        if "quarto-figure" in classes(figure):
            add_classes(figure, "anchored")


def read_toc(tree: Tree, options: BodyOptions) -> tuple[TocEntry, ...]:
    """List the headings down to ``toc-depth``, each below the one that it belongs to."""
    if not options.toc:
        return ()
    entries: list[tuple[int, TocEntry]] = []
    for section in _sections(tree.main):
        heading = _heading(section)
        if (
            heading is None
            or "unlisted" in classes(heading)
            or within(section, "default", "tab-pane")
        ):
            continue
        level = int(heading.tag[1])
        if level <= options.toc_depth:
            entries.append((level, TocEntry(section.get("id", ""), _label(tree, heading))))
    return _nest(entries)


def _sections(main: Element) -> list[Element]:
    return [
        section
        for section in main.iter("section")
        if section.get("id") and any(re.fullmatch(r"level\d", name) for name in classes(section))
    ]


def _heading(section: Element) -> Element | None:
    return next((child for child in section if child.tag in _HEADINGS), None)


def _label(tree: Tree, heading: Element) -> str:
    """Give the heading's inline HTML without what must not stand in a link."""
    label = copy.deepcopy(heading)
    for note in label.xpath(".//a[@role='doc-noteref']"):
        note.drop_tree()
    for link in label.xpath(".//a"):
        link.drop_tag()
    for element in label.xpath(".//*[@id]"):
        del element.attrib["id"]
    return tree.inner_html(label).strip()


def _nest(entries: list[tuple[int, TocEntry]]) -> tuple[TocEntry, ...]:
    result = []
    while entries:
        level, first = entries[0]
        count = 1
        while count < len(entries) and entries[count][0] > level:
            count += 1
        result.append(TocEntry(first.id, first.html, _nest(entries[1:count])))
        entries = entries[count:]
    return tuple(result)
