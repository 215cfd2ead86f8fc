"""The site as ``_quarto.yml`` declares it, read once into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import ProjectError
from analysis.project import Project
from analysis.project.yamlfile import Key
from analysis.site.navitems import EXTERNAL, ItemReader, NavItem
from analysis.site.supported import unsupported

Contents = str | tuple[NavItem, ...] | None


@dataclass(frozen=True)
class Navbar:
    """The bar at the top. ``title`` is what the brand says, ``None`` for no brand."""

    title: str | None
    logo: str | None
    logo_alt: str
    logo_href: NavItem | None
    left: tuple[NavItem, ...]
    right: tuple[NavItem, ...]
    tools: tuple[NavItem, ...]


@dataclass(frozen=True)
class Sidebar:
    """The navigation at the side; one without ``id`` belongs to every page."""

    id: str | None
    title: str | None
    style: str
    logo: str | None
    logo_alt: str
    collapse_level: int
    contents: tuple[NavItem, ...]


@dataclass(frozen=True)
class Footer:
    """The foot of each page: Markdown, or links, in three places."""

    left: Contents = None
    center: Contents = None
    right: Contents = None

    def __bool__(self) -> bool:
        """Say whether there is anything to show."""
        return any((self.left, self.center, self.right))


@dataclass(frozen=True)
class SiteConfig:
    """What a renderer needs of ``website:`` and ``format: html:``.

    Paths of files are relative to the project root. ``warnings`` says what is not supported,
    each with file and line.
    """

    title: str
    description: str | None
    url: str | None
    favicon: str | None
    navbar: Navbar | None
    sidebars: tuple[Sidebar, ...]
    footer: Footer
    search: bool
    page_navigation: bool
    back_to_top: bool
    breadcrumbs: bool
    body_header: str | None
    body_footer: str | None
    css: tuple[str, ...]
    toc_title: str
    lang: str
    resources: tuple[str, ...]
    warnings: tuple[str, ...]


def read_site(project: Project) -> SiteConfig:
    """Read the configuration of the website.

    Raises
    ------
    ProjectError
        A link leads to a document that does not exist, or a value has the wrong shape; with
        file and line.
    """
    reader = _Reader(project)
    website = reader.mapping(project.metadata.get("website"), "website")
    html = _html_options(project.metadata)
    title = str(website.get("title") or "")
    navbar = reader.navbar(website.get("navbar"), title)
    return SiteConfig(
        title=title,
        description=_text(website.get("description")),
        url=_text(website.get("site-url")),
        favicon=reader.file(website.get("favicon"), "website", "favicon"),
        navbar=navbar,
        sidebars=reader.sidebars(website.get("sidebar"), title if navbar is None else None),
        footer=reader.footer(website.get("page-footer")),
        search=website.get("search") is not False,
        page_navigation=bool(website.get("page-navigation")),
        back_to_top=bool(website.get("back-to-top-navigation")),
        breadcrumbs=website.get("bread-crumbs") is not False,
        body_header=_text(website.get("body-header")),
        body_footer=_text(website.get("body-footer")),
        css=reader.styles(html.get("css")),
        toc_title=str(html.get("toc-title") or "On this page"),
        lang=str(project.metadata.get("lang") or "en"),
        resources=_words((project.metadata.get("project") or {}).get("resources")),
        warnings=(*unsupported(project), *reader.items.warnings),
    )


class _Reader:
    """Read the parts of ``website:``; each knows where it stands in the file."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.items = ItemReader(project)

    def mapping(self, value: Any, *keys: Key) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ProjectError(
                f"`{keys[-1]}` is not a mapping",
                self.project.config.where(*keys),
                "write `key: value` lines below it, indented",
            )
        return value

    def navbar(self, value: Any, title: str) -> Navbar | None:
        if value is None or value is False:
            return None
        keys = ("website", "navbar")
        bar = self.mapping(None if value is True else value, *keys)
        brand = bar.get("title")
        logo_href = bar.get("logo-href")
        return Navbar(
            title=None if brand is False else str(brand or title) or None,
            logo=self.file(bar.get("logo"), *keys, "logo"),
            logo_alt=str(bar.get("logo-alt") or ""),
            logo_href=self.items.items([{"href": logo_href}], *keys, "logo-href")[0]
            if logo_href
            else None,
            left=self.items.items(bar.get("left"), *keys, "left"),
            right=self.items.items(bar.get("right"), *keys, "right"),
            tools=self.items.items(bar.get("tools"), *keys, "tools"),
        )

    def sidebars(self, value: Any, title: str | None) -> tuple[Sidebar, ...]:
        keys: tuple[Key, ...] = ("website", "sidebar")
        if isinstance(value, list):
            first = self.mapping(value[0], *keys, 0) if value else {}
            shared = {k: v for k, v in first.items() if k not in ("id", "title", "contents")}
            return tuple(
                self._sidebar({**shared, **self.mapping(item, *keys, at)}, title, (*keys, at))
                for at, item in enumerate(value)
            )
        if value is None or isinstance(value, bool):
            return ()
        return (self._sidebar(self.mapping(value, *keys), title, keys),)

    def _sidebar(
        self, value: Mapping[str, Any], title: str | None, keys: tuple[Key, ...]
    ) -> Sidebar:
        return Sidebar(
            id=_text(value.get("id")),
            title=_text(value.get("title")) or (None if value.get("logo") else title),
            style=str(value.get("style") or "floating"),
            logo=self.file(value.get("logo"), *keys, "logo"),
            logo_alt=str(value.get("logo-alt") or ""),
            collapse_level=int(value.get("collapse-level") or 2),
            contents=self.items.contents(value.get("contents"), *keys, "contents"),
        )

    def footer(self, value: Any) -> Footer:
        if isinstance(value, str):
            return Footer(center=value)
        parts = self.mapping(value, "website", "page-footer")

        def part(name: str) -> Contents:
            content = parts.get(name)
            if isinstance(content, list):
                return self.items.items(content, "website", "page-footer", name)
            return _text(content)

        return Footer(part("left"), part("center"), part("right"))

    def file(self, value: Any, *keys: Key) -> str | None:
        if not value:
            return None
        name = str(value["path"] if isinstance(value, dict) and "path" in value else value)
        if EXTERNAL.match(name):
            raise ProjectError(
                f"`{name}` lies on another host",
                self.project.config.where(*keys),
                "save the file in the project: pages load nothing from elsewhere",
            )
        path = self.project.inside(name.lstrip("/"), *keys)
        if not path.is_file():
            raise ProjectError(
                f"there is no file `{name}`",
                self.project.config.where(*keys),
                "name a file relative to _quarto.yml",
            )
        return path.relative_to(self.project.root).as_posix()

    def styles(self, value: Any) -> tuple[str, ...]:
        names = (self.file(name, "format", "html", "css") for name in _words(value))
        return tuple(name for name in names if name)


def _html_options(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    formats = metadata.get("format")
    html = formats.get("html") if isinstance(formats, dict) else None
    return html if isinstance(html, dict) else {}


def _words(value: Any) -> tuple[str, ...]:
    if value is None or value is False:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None
