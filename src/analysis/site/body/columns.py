"""Content beside the text: margin notes, and figures and tables that are wider than it."""

from __future__ import annotations

from lxml import html

from analysis.site.body.dom import (
    Element,
    add_classes,
    classes,
    detach,
    remove_classes,
    replace,
    with_class,
    within,
)

_CONTAINER = ("no-row-height", "column-margin", "column-container")
# What may hold a container; a note in a paragraph, a list or a table goes behind it.
HOLDERS = frozenset(("main", "section", "div", "figure"))
_GRID = ("page-columns", "page-full")


def finish_columns(main: Element) -> tuple[str, ...]:
    """Arrange the columns below ``main``; give the classes that it needs itself."""
    _mark_asides(main)
    _keep_outermost(main)
    _margin_captions(main)
    _leave_callouts(main)
    _leave_tabsets(main)
    _widen_pictures(main)
    for note in list(with_class(main, "column-margin")):
        if "column-container" not in classes(note):
            _put_in_container(note)
    return _open_grid(main)


def _mark_asides(main: Element) -> None:
    for aside in list(with_class(main, "aside")):
        remove_classes(aside, "aside")
        add_classes(aside, "column-margin", "margin-aside")


def _keep_outermost(main: Element) -> None:
    """Of a figure in the margin, leave the mark to the figure and not to its picture too."""
    for note in list(with_class(main, "column-margin")):
        if within(note, "column-margin"):
            remove_classes(note, "column-margin")


def _margin_captions(main: Element) -> None:
    for caption in main.iter("figcaption"):
        if "quarto-float-caption-margin" in classes(caption) and not within(
            caption, "column-margin"
        ):
            add_classes(caption, "margin-caption")


def _leave_callouts(main: Element) -> None:
    """Move margin notes out of callouts; they fold together with them."""
    for callout in list(with_class(main, "callout")):
        folds = [name for part in with_class(callout, "callout-collapse") for name in classes(part)]
        extra = ["callout-margin-content", *folds]
        if "callout-style-simple" in classes(callout):
            extra.append("callout-margin-content-simple")
        for note in reversed(list(with_class(callout, "column-margin"))):
            add_classes(note, *extra)
            detach(note)
            note.tail, callout.tail = callout.tail, None
            callout.addnext(note)


def _leave_tabsets(main: Element) -> None:
    """Move margin notes out of tabs into a container before the tabset."""
    for tabset in list(with_class(main, "panel-tabset")):
        container = html.Element("div", {"class": "tabset-margin-container"})
        tabset.addprevious(container)
        for pane in list(with_class(tabset, "tab-pane")):
            for note in list(with_class(pane, "column-margin")):
                add_classes(note, "tabset-margin-content", f"{pane.get('id')}-tab-margin-content")
                if "active" not in classes(pane):
                    add_classes(note, "collapse")
                container.append(detach(note))


def _widen_pictures(main: Element) -> None:
    """Hand a wide column on to the only picture in it, so that its caption stays in the text."""
    for wide in main.xpath(".//*[contains(@class, 'column-')]"):
        names = [n for n in classes(wide) if n.startswith("column-") and n not in _CONTAINER]
        if not names or wide.xpath("self::img") or list(with_class(wide, "grid")):
            continue
        pictures = wide.xpath(".//figure//img")
        rows = list(with_class(wide, "quarto-layout-row"))
        target = pictures if len(pictures) == 1 else rows
        if len(target) == 1:
            remove_classes(wide, *names)
            add_classes(target[0], *names)


def _put_in_container(note: Element) -> None:
    remove_classes(note, "column-margin")
    if "class" not in note.attrib:
        note.set("class", "")
    anchor = note
    while anchor.getparent().tag not in HOLDERS:
        anchor = anchor.getparent()
    previous = anchor.getprevious() if anchor is note else anchor.getnext()
    if previous is not None and set(_CONTAINER) <= set(classes(previous)):
        previous.append(detach(note))
        return
    container = html.Element("div", {"class": " ".join(_CONTAINER)})
    if anchor is note:
        replace(note, container)
    else:
        detach(note)
        container.tail, anchor.tail = anchor.tail, None
        anchor.addnext(container)
    container.append(note)


def _open_grid(main: Element) -> tuple[str, ...]:
    found = False
    for element in main.xpath(
        ".//*[contains(@class, 'column-') or contains(@class, 'margin-caption')]"
    ):
        if not any(n.startswith("column-") or n == "margin-caption" for n in classes(element)):
            continue
        found = True
        for parent in element.iterancestors():
            if parent is not main:
                names = _GRID[1:] if "quarto-layout-row" in classes(parent) else _GRID
                add_classes(parent, *names)
    return _GRID if found else ()
