"""The mapping from a page's Markdown to the content of its ``<main>``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from analysis.documents.page import Page
from analysis.errors import DocumentError, Location
from analysis.site.body import fences, shortcodes
from analysis.site.body.finish import finish
from analysis.site.body.heading import read_heading
from analysis.site.body.model import Body, BodyContext
from analysis.site.body.options import html_options, parse_options
from analysis.site.body.pandoc import Messages, convert
from analysis.site.body.source import locate, without_front_matter
from analysis.site.body.unsupported import unsupported

_TITLES = ("title", "subtitle", "description", "abstract")
_NOT_FOUND = re.compile(r"^Citeproc: citation (\S+) not found$")


def render_body(page: Page, context: BodyContext) -> Body:
    """Render the content of a page; what it cannot do is in the warnings.

    Raises
    ------
    DocumentError
        A cross-reference has no target, or a file lies outside the project.
    RenderError
        Pandoc failed.
    """
    options = parse_options(page.metadata, page.source, context.root)
    text, not_expanded = shortcodes.expand(
        without_front_matter(page.markdown), page.source, page.metadata, context
    )
    metadata = _expand_titles(page, context)
    text, not_drawn = fences.normalise(text, page.source, context)
    converted = convert(text, metadata, options, page.source, context.profiles)
    messages = converted.messages
    _check_references(messages, page, context)
    finished = finish(converted.body, page, options, context, messages.told)
    heading = read_heading(metadata, page.source, options.lang, context)
    complaints = _complaints(messages, page, context)
    return Body(
        content=finished.content,
        title=converted.title.strip(),
        subtitle=converted.subtitle.strip(),
        description=converted.description.strip(),
        abstract=converted.abstract.strip(),
        plain_title=_plain(converted.title),
        authors=heading.authors,
        date=heading.date,
        date_iso=heading.date_iso,
        categories=heading.categories,
        toc=finished.toc,
        classes=finished.classes,
        resources=finished.resources,
        missing=finished.missing,
        links=finished.links,
        features=finished.features | frozenset(messages.told.get("feature", ())),
        warnings=(*unsupported(page), *not_expanded, *not_drawn, *complaints, *finished.warnings),
    )


def _expand_titles(page: Page, context: BodyContext) -> dict[str, Any]:
    metadata = html_options(page.metadata)
    for key in _TITLES:
        if isinstance(text := metadata.get(key), str):
            metadata[key], _ = shortcodes.expand(text, page.source, page.metadata, context)
    return metadata


def _plain(title: str) -> str:
    tree = html.fragment_fromstring(title, create_parent="div")
    for formula in tree.xpath(".//*[local-name()='math']/*"):
        for shown in formula.xpath("*[not(self::annotation)]"):
            shown.drop_tree()
    return str(tree.text_content()).strip()


def _check_references(messages: Messages, page: Page, context: BodyContext) -> None:
    missing = messages.told.get("no-target", ())
    if not missing:
        return
    label = missing[0]
    known = [name for name in messages.told.get("label", ()) if name[:3] == label[:3].lower()]
    close = difflib.get_close_matches(label, known, n=1, cutoff=0.4)
    raise DocumentError(
        f"the cross-reference `@{label}` has no target",
        locate(context, page.source, f"@{re.escape(label)}(?![\\w-])"),
        f"did you mean `@{close[0]}`?" if close else f"give something the label `{label}`",
    )


def _complaints(
    messages: Messages, page: Page, context: BodyContext
) -> Iterator[tuple[Location, str]]:
    for label in messages.told.get("duplicate-label", ()):
        where = locate(context, page.source, re.escape(label))
        yield where, f"the label `{label}` is given twice on this page"
    for layout in messages.told.get("bad-layout", ()):
        where = locate(context, page.source, re.escape(layout))
        yield where, f"the layout `{layout}` is no list of widths"
    for warning in messages.warnings:
        if match := _NOT_FOUND.match(warning):
            where = locate(context, page.source, f"@{re.escape(match[1])}(?![\\w-])")
            yield where, f"the citation `@{match[1]}` is in no bibliography"
        else:
            yield Location(page.source), f"pandoc: {warning}"
