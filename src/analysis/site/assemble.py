"""Put a page together: its body, the navigation around it, and what its head needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.site.assets import has_charts
from analysis.site.config import Contents, Sidebar, SiteConfig
from analysis.site.links import offset, relative
from analysis.site.navigation import Link, Navigation
from analysis.site.options import html_option
from analysis.site.sitemap import address
from analysis.site.sitepage import SitePage
from analysis.site.template import environment

_DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Beside:
    """What a page shows beside its body: content with listings in it, and its margin."""

    content: str
    margin: str = ""


def assemble(
    page: SitePage,
    beside: Beside,
    config: SiteConfig,
    navigation: Navigation,
    styles: Sequence[str] = (),
) -> str:
    """Give the whole page as HTML; ``styles`` are files relative to the site's root."""
    values = {
        **_about(page, config),
        **_around(page, config, navigation),
        **_settings(page, config, beside),
        "styles": [relative(name, page.output) for name in styles],
        "content": Markup(beside.content),
        "margin": Markup(beside.margin),
    }
    return environment().get_template("page.html").render(page=values)


def _about(page: SitePage, config: SiteConfig) -> dict[str, Any]:
    body = page.body
    title = body.plain_title
    named = title and config.title and title != config.title
    return {
        "lang": str(page.page.metadata.get("lang") or config.lang),
        "window_title": f"{title} {_DASH} {config.title}" if named else title or config.title,
        "title": Markup(body.title),
        "subtitle": Markup(body.subtitle),
        "description": Markup(body.description),
        "abstract": Markup(body.abstract),
        "authors": [Markup(author) for author in body.authors],
        "plain_authors": [Markup(author).striptags() for author in body.authors],
        "plain_description": Markup(body.description or config.description or "").striptags(),
        "categories": [Markup(category) for category in body.categories],
        "date": body.date,
        "date_iso": body.date_iso,
    }


def _around(page: SitePage, config: SiteConfig, navigation: Navigation) -> dict[str, Any]:
    source, output = page.source, page.output
    navbar = config.navbar if page.page.metadata.get("navbar") is not False else None
    sidebar = navigation.sidebar(source)
    if page.page.metadata.get("sidebar") is False:
        sidebar = None
    left, right = navigation.navbar_links(navbar, source) if navbar else ((), ())
    wants_neighbours = page.page.metadata.get("page-navigation", config.page_navigation)
    before, after = navigation.neighbours(source) if wants_neighbours else (None, None)
    return {
        "navbar": navbar,
        "left": left,
        "right": right,
        "tools": navigation.links(navbar.tools, source) if navbar else (),
        "logo": relative(navbar.logo, output) if navbar and navbar.logo else None,
        "home": _home(config, navigation, source),
        "sidebar": sidebar,
        **_sidebar(sidebar, navigation, page),
        "search": _search_place(config, navbar is not None, sidebar is not None),
        "crumbs": navigation.crumbs(source) if config.breadcrumbs else (),
        "previous": before,
        "next": after,
        "footer": _footer(config, navigation, source),
    }


def _sidebar(sidebar: Sidebar | None, navigation: Navigation, page: SitePage) -> dict[str, Any]:
    if sidebar is None:
        return {"sidebar_links": (), "sidebar_style": "", "sidebar_title": "", "sidebar_logo": None}
    return {
        "sidebar_links": navigation.sidebar_links(sidebar, page.source),
        # All sidebars look like the first one, as in Quarto.
        "sidebar_style": navigation.sidebars[0].style,
        "sidebar_title": navigation.texts.get(sidebar.title or "", sidebar.title),
        "sidebar_logo": relative(sidebar.logo, page.output) if sidebar.logo else None,
    }


def _settings(page: SitePage, config: SiteConfig, beside: Beside) -> dict[str, Any]:
    body, output, metadata = page.body, page.output, page.page.metadata
    return {
        "root": offset(output),
        "favicon": relative(config.favicon, output) if config.favicon else None,
        "canonical": address(config.url, output) if config.url else None,
        "has_charts": has_charts(beside.content),
        "has_listings": 'class="quarto-listing ' in beside.content,
        "head": [Markup(line) for line in page.page.head if "charts.js" not in line],
        "toc": body.toc,
        "toc_title": str(html_option(metadata, "toc-title") or config.toc_title),
        "layout": str(html_option(metadata, "page-layout") or "article"),
        "main_classes": "".join(f" {name}" for name in body.classes),
        "body_classes": _body_classes(config, metadata),
        "body_header": Markup(config.body_header or ""),
        "body_footer": Markup(config.body_footer or ""),
        "back_to_top": metadata.get("back-to-top-navigation", config.back_to_top) is True,
    }


def _body_classes(config: SiteConfig, metadata: Mapping[str, Any]) -> str:
    names = ["nav-fixed"] if config.navbar and metadata.get("navbar") is not False else []
    if config.sidebars and metadata.get("sidebar") is not False:
        names += ["nav-sidebar", config.sidebars[0].style]
    return " ".join(names) or "fullcontent"


def _home(config: SiteConfig, navigation: Navigation, source: str) -> str | None:
    if config.navbar and config.navbar.logo_href:
        return navigation.link(config.navbar.logo_href, source).href
    return relative("index.html", navigation.targets[source].output)


def _search_place(config: SiteConfig, has_navbar: bool, has_sidebar: bool) -> str | None:
    if not config.search:
        return None
    return "navbar" if has_navbar else "sidebar" if has_sidebar else None


def _footer(
    config: SiteConfig, navigation: Navigation, source: str
) -> tuple[Markup | tuple[Link, ...] | None, ...] | None:
    def part(value: Contents) -> Markup | tuple[Link, ...] | None:
        if isinstance(value, str):
            return navigation.texts.get(value, Markup.escape(value))
        return navigation.links(value, source) if value else None

    footer = config.footer
    return (part(footer.left), part(footer.center), part(footer.right)) if footer else None
