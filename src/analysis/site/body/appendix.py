"""The end of the page: its own appendices, references and footnotes."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import html

from analysis.site.body.dom import Element, add_classes, classes, detach, with_class
from analysis.site.body.language import words
from analysis.site.body.options import BodyOptions, License

_HEADING = {"class": "anchored quarto-appendix-heading"}


def finish_appendix(main: Element, options: BodyOptions, *, moves_references: bool) -> None:
    """Gather the sections that belong at the end of ``main`` into ``#quarto-appendix``."""
    footnotes = main.xpath("./section[@role='doc-endnotes']")
    for rule in main.xpath("./section[@role='doc-endnotes']/hr"):
        rule.drop_tree()
    if options.appendix_style == "none":
        return
    own = [found for found in with_class(main, "appendix") if found.tag == "section"]
    sections = [_own_section(found) for found in own]
    if moves_references:
        sections += [_references(found, options) for found in main.xpath(".//*[@id='refs']")]
    if len(footnotes) == 1:
        sections.append(_footnotes(footnotes[0], options))
    if options.license:
        title = words(options.lang)["reuse"]
        sections.append(_lines("quarto-reuse", title, map(_license, options.license)))
    if options.copyright:
        title = words(options.lang)["copyright"]
        sections.append(_lines("quarto-copyright", title, [_line(options.copyright)]))
    if sections:
        appendix = html.Element("div", {"id": "quarto-appendix"})
        if options.appendix_style != "plain":
            appendix.set("class", options.appendix_style)
        appendix.extend(sections)
        main.append(appendix)


def _heading(text: str) -> Element:
    heading = html.Element("h2", _HEADING)
    heading.text = text
    return heading


def _own_section(section: Element) -> Element:
    detach(section)
    contents = html.Element("div", {"class": "quarto-appendix-contents"})
    heading = next(iter(section.iter("h1", "h2", "h3", "h4", "h5", "h6")), None)
    if heading is None:
        heading = html.Element("h2")
    else:
        detach(heading)
    heading.tag = "h2"
    add_classes(heading, "anchored", "quarto-appendix-heading")
    contents.text, section.text = section.text, None
    contents.extend(list(section))
    section.extend([heading, contents])
    return section


def _references(entries: Element, options: BodyOptions) -> Element:
    title = words(options.lang)["references"]
    around = entries.getparent()
    # A section with nothing but a heading and the entries names them.
    if around.tag == "section" and len(around) == 2 and "appendix" not in classes(around):
        title = around[0].text_content()
        detach(around)
    attributes = {
        "id": "quarto-bibliography",
        "class": "quarto-appendix-contents",
        "role": "doc-bibliography",
    }
    section = html.Element("section", attributes)
    section.extend([_heading(title), detach(entries)])
    return section


def _lines(identifier: str, title: str, lines: Iterable[Element]) -> Element:
    section = html.Element("section", {"id": identifier, "class": "quarto-appendix-contents"})
    contents = html.Element("div", {"class": "quarto-appendix-contents"})
    contents.extend(lines)
    section.extend([_heading(title), contents])
    return section


def _line(text: str) -> Element:
    line = html.Element("div")
    line.text = text
    return line


def _license(license: License) -> Element:
    if not license.address:
        return _line(license.text)
    line = html.Element("div")
    link = html.Element("a", {"rel": "license", "href": license.address})
    link.text = license.text or license.address
    line.append(link)
    return line


def _footnotes(section: Element, options: BodyOptions) -> Element:
    detach(section)
    section.insert(0, _heading(words(options.lang)["footnotes"]))
    return section
