"""The last steps on a page's content, done on its HTML as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.documents.page import Page
from analysis.errors import Location
from analysis.site.body.appendix import finish_appendix
from analysis.site.body.codeblocks import finish_code
from analysis.site.body.columns import finish_columns
from analysis.site.body.dom import Element, Tree, add_classes, rename
from analysis.site.body.links import finish_links
from analysis.site.body.margin import move_notes
from analysis.site.body.model import BodyContext, TocEntry
from analysis.site.body.options import BodyOptions
from analysis.site.body.tables import finish_tables
from analysis.site.body.toc import finish_headings, read_toc

_CHART = 'class="analysis-chart-spec"'


@dataclass(frozen=True)
class Finished:
    """The content of ``<main>`` and what was read from it."""

    content: str
    toc: tuple[TocEntry, ...]
    classes: tuple[str, ...]
    resources: tuple[str, ...]
    missing: tuple[str, ...]
    links: tuple[str, ...]
    features: frozenset[str]
    warnings: tuple[tuple[Location, str], ...]


def finish(
    body: str,
    page: Page,
    options: BodyOptions,
    context: BodyContext,
    told: Iterable[str],
) -> Finished:
    """Finish pandoc's HTML; ``told`` are the kinds of messages that the filters gave."""
    tree = Tree(body)
    main = tree.main
    rename(main)
    finish_code(main, options)
    finish_tables(main, options)
    _finish_media(main)
    finish_headings(main, options)
    move_notes(main, options)
    finish_appendix(main, options, moves_references="positioned-references" not in set(told))
    toc = read_toc(tree, options)
    classes = finish_columns(main)
    found = finish_links(main, page, context)
    return Finished(
        content=tree.inner_html(main).strip() + "\n",
        toc=toc,
        classes=classes,
        resources=tuple(sorted(found.resources)),
        missing=tuple(sorted(found.missing)),
        links=tuple(dict.fromkeys(found.links)),
        features=_features(tree),
        warnings=tuple(found.warnings),
    )


def _finish_media(main: Element) -> None:
    for quote in main.iter("blockquote"):
        add_classes(quote, "blockquote")
    for figure in main.iter("figure"):
        add_classes(figure, "figure")
        for image in figure.iter("img"):
            add_classes(image, "figure-img")
    for image in main.iter("img"):
        if image.get("alt") is None:
            image.set("alt", "")


def _features(tree: Tree) -> frozenset[str]:
    features = set()
    for piece in tree.kept:
        if piece.startswith("<math"):
            features.add("math")
        elif _CHART in piece[:200]:
            features.add("chart")
    return frozenset(features)
