"""Code blocks: the classes that Quarto gives them, and a button that copies them."""

from __future__ import annotations

from lxml import html

from analysis.site.body.dom import Element, add_classes, classes, remove_classes, replace
from analysis.site.body.options import BodyOptions


def finish_code(main: Element, options: BodyOptions) -> None:
    """Dress the highlighted code blocks below ``main``."""
    for block in main.xpath(".//div[@id][pre/code]"):
        if "sourceCode" in classes(block):
            _dress(block, options.code_copy)

    for text in main.xpath(".//span[@data-code-cell]"):
        _mark_lines(main, text)


def _mark_lines(main: Element, text: Element) -> None:
    """Mark the annotated lines of code; the number is drawn by the style, so it is not copied."""
    cell, number = text.get("data-code-cell"), text.get("data-code-annotation")
    for line in filter(None, text.get("data-code-lines", "").split(",")):
        for shown in main.xpath(".//span[@id=$id]", id=f"{cell}-{line}"):
            attributes = {"data-target-cell": cell, "data-target-annotation": number}
            mark = html.Element("span", {"class": "code-annotation-anchor", **attributes})
            mark.set("aria-hidden", "true")
            shown.append(mark)


def _dress(block: Element, copy: bool) -> None:
    pre = block.find("pre")
    if "cell-code" in classes(pre):
        remove_classes(pre, "cell-code")
        add_classes(block, "cell-code")
    if "code-annotation-code" in classes(pre):
        remove_classes(pre, "code-annotation-code")
        add_classes(block, "code-annotation-code")
    if not copy:
        return
    add_classes(pre, "code-with-copy")
    scaffold = html.Element("div", {"class": "code-copy-outer-scaffold"})
    replace(block, scaffold)
    scaffold.append(block)
    button = html.Element("button", {"class": "code-copy-button", "title": "Copy to Clipboard"})
    button.append(html.Element("i", {"class": "bi"}))
    scaffold.append(button)
