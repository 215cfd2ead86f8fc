"""Which options of documents have an effect here, and which only Quarto applies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.project.yamlfile import Keys

# What may stand under `format: html:`; the same keys may stand at the top level.
_HTML = """
abstract anchor-sections appendix-style author back-to-top-navigation bibliography
callout-appearance callout-icon cap-location categories citation-location code-annotations code-copy
code-fold code-line-numbers code-overflow code-summary copyright crossref csl css date date-format
description echo error eval execute fig-align fig-cap-location fig-dpi fig-format fig-height
fig-responsive fig-width from html-table-processing include lang license link-citations listing
navbar nocite number-depth number-offset number-sections output page-layout page-navigation
reference-location search shift-heading-level-by sidebar subtitle tbl-cap-location title toc
toc-depth toc-title warning
"""
_ONLY = """
abstract-title affiliations aliases cite-method citation citations-hover code-link code-links
code-tools comments crossrefs-hover date-modified doi draft embed-resources filters footnotes-hover
format-links header-includes html-math-method include-after-body include-before-body
include-in-header keywords lightbox other-links tbl-colwidths template theme title-block-banner
toc-expand toc-location
"""
HTML_OPTIONS = frozenset(_HTML.split())
QUARTO_ONLY = frozenset(_ONLY.split())
_HINTS = {"theme": " (add styles with `css`)"}
_AUTHOR = frozenset(("name", "literal"))
_MARKUP = re.compile(r"[*_`$\[\]^~<]")


def without_effect(metadata: Any) -> Iterator[tuple[Keys, str]]:
    """Give path and complaint for each key of a front matter or of ``_quarto.yml``.

    Who turns something off that is not there gets what was asked for.
    """
    if not isinstance(metadata, Mapping):
        return
    html = _part(_part(metadata, "format"), "html")
    for place, options in (((), metadata), (("format", "html"), html)):
        for key, value in options.items():
            is_unknown = bool(place) and key not in HTML_OPTIONS
            if (is_unknown or key in QUARTO_ONLY) and value not in (None, False):
                what = f"`{key}` is applied by Quarto only; it has no effect here"
                yield (*place, str(key)), what + _HINTS.get(key, "")
        crossref = _part(options, "crossref")
        if _MARKUP.search(str(crossref.get("title-delim", ""))):
            yield (
                (*place, "crossref", "title-delim"),
                "markup in `title-delim` is shown as it is written",
            )
        yield from _authors(options, place)


def _authors(options: Mapping[str, Any], place: Keys) -> Iterator[tuple[Keys, str]]:
    given = options.get("author")
    several = isinstance(given, list)
    for at, author in enumerate(given if isinstance(given, list) else [given]):
        for key in author if isinstance(author, Mapping) else ():
            if key not in _AUTHOR:
                path = (*place, "author", *((at,) if several else ()), key)
                yield path, f"`{key}` of an author is not shown, only the name"


def _part(metadata: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = metadata.get(key)
    return found if isinstance(found, Mapping) else {}
