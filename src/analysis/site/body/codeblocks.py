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


def _dress(block: Element, copy: bool) -> None:
    pre = block.find("pre")
    if "cell-code" in classes(pre):
        remove_classes(pre, "cell-code")
        add_classes(block, "cell-code")
    if not copy:
        return
    add_classes(pre, "code-with-copy")
    scaffold = html.Element("div", {"class": "code-copy-outer-scaffold"})
    replace(block, scaffold)
    scaffold.append(block)
    button = html.Element(
        "button", {"class": "code-copy-button", "title": "Copy to Clipboard"}
    )
    button.append(html.Element("i", {"class": "bi"}))
    scaffold.append(button)
