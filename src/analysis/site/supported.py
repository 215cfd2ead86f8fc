"""What the embedded renderer does not support in ``_quarto.yml``, named with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.project import Project
from analysis.project.yamlfile import Key

_WEBSITE = frozenset(
    (
        "title",
        "description",
        "site-url",
        "repo-url",
        "favicon",
        "navbar",
        "sidebar",
        "page-footer",
        "search",
        "page-navigation",
        "back-to-top-navigation",
        "bread-crumbs",
        "body-header",
        "body-footer",
    )
)
_NAVBAR = frozenset(("title", "logo", "logo-alt", "logo-href", "left", "right", "tools"))
_SIDEBAR = frozenset(("id", "title", "style", "logo", "logo-alt", "collapse-level", "contents"))
_FOOTER = frozenset(("left", "center", "right"))
# Options of the site, and those that page bodies or the execution of cells understand.
_HTML = frozenset(
    (
        "css",
        "toc",
        "toc-title",
        "toc-depth",
        "number-sections",
        "number-depth",
        "number-offset",
        "code-fold",
        "code-summary",
        "code-tools",
        "code-line-numbers",
        "code-overflow",
        "code-copy",
        "code-annotations",
        "fig-width",
        "fig-height",
        "fig-align",
        "fig-format",
        "fig-dpi",
        "fig-responsive",
        "fig-cap-location",
        "tbl-cap-location",
        "cap-location",
        "html-math-method",
        "shift-heading-level-by",
        "section-divs",
        "anchor-sections",
        "reference-location",
        "citation-location",
        "date-format",
        "lang",
        "from",
        "execute",
        "page-layout",
        "title-block-style",
        "crossref",
        "echo",
        "eval",
        "output",
        "warning",
        "error",
        "include",
        "keep-md",
        "df-print",
        "shortcodes",
        "appendix-style",
    )
)
_THEME = (
    "{where}: the theme is applied by Quarto only; the embedded renderer has its own design "
    "(add styles with `css`)"
)


def unsupported(project: Project) -> tuple[str, ...]:
    """Give one warning for each key of the site that has no effect here."""
    return tuple(_warnings(project))


def _warnings(project: Project) -> Iterator[str]:
    website = _mapping(project.metadata, "website")
    yield from _unknown(project, website, _WEBSITE, "website")
    yield from _unknown(project, _mapping(website, "navbar"), _NAVBAR, "website", "navbar")
    sidebar = website.get("sidebar")
    for at, part in enumerate(sidebar if isinstance(sidebar, list) else [sidebar]):
        keys: tuple[Key, ...] = ("website", "sidebar")
        keys = (*keys, at) if isinstance(sidebar, list) else keys
        yield from _unknown(project, part if isinstance(part, dict) else {}, _SIDEBAR, *keys)
    yield from _unknown(
        project, _mapping(website, "page-footer"), _FOOTER, "website", "page-footer"
    )
    search = _mapping(website, "search")
    yield from _unknown(project, search, frozenset(), "website", "search")
    yield from _formats(project)


def _formats(project: Project) -> Iterator[str]:
    formats = project.metadata.get("format")
    if isinstance(formats, str):
        formats = {formats: None}
    for name in formats or {}:
        if name != "html":
            yield f"{project.config.where('format', name)}: only the format `html` is rendered"
    html = _mapping(formats or {}, "html")
    for key in html:
        where = project.config.where("format", "html", key)
        if key == "theme":
            yield _THEME.format(where=where)
        elif key not in _HTML:
            yield f"{where}: `format.html.{key}` has no effect in the embedded renderer"


def _unknown(
    project: Project, value: Mapping[str, Any], known: frozenset[str], *keys: Key
) -> Iterator[str]:
    for key in value:
        if key not in known:
            name = ".".join(str(part) for part in (*keys, key) if isinstance(part, str))
            where = project.config.where(*keys, key)
            yield f"{where}: `{name}` has no effect in the embedded renderer"


def _mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
