"""Navigation as one page shows it: links relative to the page, with marks for where one is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath

from markupsafe import Markup

from analysis.site.config import Navbar, Sidebar, SiteConfig
from analysis.site.links import relative
from analysis.site.navitems import EXTERNAL, NavItem
from analysis.site.sidebar_auto import expand


@dataclass(frozen=True)
class Target:
    """A page that navigation can lead to; ``sidebar`` is the front matter's choice."""

    output: str
    title: Markup
    plain_title: str
    order: float | None = None
    sidebar: str | bool | None = None


@dataclass(frozen=True)
class Link:
    """One entry of a menu, a sidebar or a footer, ready for the template."""

    text: Markup | None
    href: str | None
    item: NavItem
    id: str = ""
    active: bool = False
    expanded: bool = False
    links: tuple[Link, ...] | None = None


@dataclass(frozen=True)
class Crumb:
    """One step of the way from the sidebar's top to the page."""

    text: Markup
    href: str | None


@dataclass(frozen=True)
class Navigation:
    """All navigation of the site; ask it page by page.

    ``targets`` maps each document to its page, ``texts`` Markdown to HTML.
    """

    config: SiteConfig
    targets: Mapping[str, Target]
    texts: Mapping[str, Markup]

    @cached_property
    def sidebars(self) -> tuple[Sidebar, ...]:
        """Give the sidebars with their patterns replaced by documents."""
        orders = {source: target.order for source, target in self.targets.items()}
        return tuple(
            replace(sidebar, contents=expand(sidebar.contents, orders))
            for sidebar in self.config.sidebars
        )

    def sidebar(self, source: str) -> Sidebar | None:
        """Choose the sidebar of a page, as Quarto does: its own choice, then the one with it."""
        if len(self.sidebars) == 1 and self.sidebars[0].id is None:
            return self.sidebars[0]
        chosen = self.targets[source].sidebar
        for sidebar in self.sidebars:
            if sidebar.id is not None and sidebar.id == chosen:
                return sidebar
        return next((bar for bar in self.sidebars if _contains(bar.contents, source)), None)

    def sidebar_links(self, sidebar: Sidebar, source: str) -> tuple[Link, ...]:
        """Give the entries of a sidebar; sections carry ids that are unique on the page."""
        numbers = iter(range(1, 10_000))
        return tuple(self._section(item, source, 1, sidebar, numbers) for item in sidebar.contents)

    def _section(
        self, item: NavItem, source: str, depth: int, sidebar: Sidebar, numbers: Iterator[int]
    ) -> Link:
        if item.items is None:
            return replace(self.link(item, source), active=item.source == source)
        number = f"quarto-sidebar-section-{next(numbers)}"
        inside = tuple(
            self._section(child, source, depth + 1, sidebar, numbers) for child in item.items
        )
        holds_page = item.source == source or _contains(item.items, source)
        return replace(
            self.link(item, source),
            id=number,
            active=item.source == source,
            expanded=holds_page or depth < sidebar.collapse_level,
            links=inside,
        )

    def navbar_links(self, navbar: Navbar, source: str) -> tuple[tuple[Link, ...], ...]:
        """Give the entries at the left and at the right; at most one is active."""
        active = self._active(navbar, source)
        menus: Counter[str] = Counter()
        return tuple(
            tuple(replace(self._menu(item, source, menus), active=item is active) for item in items)
            for items in (navbar.left, navbar.right)
        )

    def _active(self, navbar: Navbar, source: str) -> NavItem | None:
        """Choose the entry of a page: that of its folder, else the first one of its sidebar.

        Quarto only knows the latter, by which all pages below a folder are those of the home page.
        """
        bar = self.sidebar(source)
        inside = {item.source for part in bar.contents for item in part.walk()} if bar else set()
        folder = PurePosixPath(source).parent
        linked = [item for item in (*navbar.left, *navbar.right) if item.source is not None]
        here = [item for item in linked if folder == PurePosixPath(str(item.source)).parent]
        beside = sorted(here, key=lambda item: item.source != source) if folder.name else []
        shown = (item for item in linked if item.source == source or item.source in inside)
        return next(chain(beside, shown), None)

    def _menu(self, item: NavItem, source: str, menus: Counter[str]) -> Link:
        link = self.link(item, source)
        if item.items is None:
            return link
        entries = tuple(self.link(entry, source) for entry in item.items)
        name = f"nav-menu-{_identifier(item)}"
        menus[name] += 1
        number = f"-{menus[name] - 1}" if menus[name] > 1 else ""
        return replace(link, id=name + number, links=entries)

    def links(self, items: Sequence[NavItem], source: str) -> tuple[Link, ...]:
        """Give a plain row of links, such as in a footer."""
        return tuple(self.link(item, source) for item in items)

    def link(self, item: NavItem, source: str) -> Link:
        """Resolve one item as seen from the page of ``source``."""
        return Link(self._text(item), self._href(item, self.targets[source].output), item)

    def crumbs(self, source: str) -> tuple[Crumb, ...]:
        """Give the way to the page; empty where the sidebar does not hold it."""
        bar = self.sidebar(source)
        path = _path(bar.contents, source) if bar else ()
        output = self.targets[source].output
        found = []
        for item in path:
            first = item.items[0] if item.items else item
            href = self._href(item, output) or self._href(first, output)
            text = self._text(item)
            if text is not None:
                found.append(Crumb(text, href))
        return tuple(found)

    def search_crumbs(self, source: str) -> list[str] | None:
        """Give the crumbs as plain text, below the navbar's entry for this sidebar."""
        bar = self.sidebar(source)
        path = _path(bar.contents, source) if bar else ()
        words = [word for item in path if (word := self._plain(item))]
        if not words or bar is None:
            return None
        navbar = self.config.navbar
        for item in (*navbar.left, *navbar.right) if navbar else ():
            if item.source and self.sidebar(item.source) is bar:
                above = self._plain(item)
                return [above, *words] if above and words[0] != above else words
        return words

    def neighbours(self, source: str) -> tuple[Link | None, Link | None]:
        """Give the page before and the page after, in the order of the sidebar."""
        bar = self.sidebar(source)
        items: dict[str, NavItem] = {}
        for item in (i for part in bar.contents for i in part.walk()) if bar else ():
            if item.is_separator:
                items[f"---{len(items)}"] = item
            elif item.source:
                items.setdefault(item.source, item)
        order = list(items.values())
        at = next((n for n, item in enumerate(order) if item.source == source), None)
        if at is None:
            return None, None
        before = order[at - 1] if at > 0 else None
        after = order[at + 1] if at + 1 < len(order) else None
        return self._neighbour(before, source), self._neighbour(after, source)

    def _neighbour(self, item: NavItem | None, source: str) -> Link | None:
        return None if item is None or item.is_separator else self.link(item, source)

    def _text(self, item: NavItem) -> Markup | None:
        if item.text is not None:
            return self.texts.get(item.text, Markup.escape(item.text))
        if item.icon is not None:
            return None
        if item.source is not None:
            return self.targets[item.source].title
        return Markup.escape(item.href) if item.href else None

    def _plain(self, item: NavItem) -> str | None:
        if item.text is None and item.source is not None:
            return self.targets[item.source].plain_title
        text = self._text(item)
        return text.striptags() if text is not None else None

    def _href(self, item: NavItem, output: str) -> str | None:
        if item.source is not None:
            return relative(self.targets[item.source].output, output) + item.anchor
        if item.href is None or EXTERNAL.match(item.href):
            return item.href
        return relative(item.href, output) + item.anchor


def _contains(items: Sequence[NavItem], source: str) -> bool:
    return any(item.source == source for part in items for item in part.walk())


def _path(items: Sequence[NavItem], source: str) -> tuple[NavItem, ...]:
    for item in items:
        if item.source == source:
            return (item,)
        if item.items and (below := _path(item.items, source)):
            return (item, *below)
    return ()


def _identifier(item: NavItem) -> str:
    words = re.sub(r"[^\w\s.-]", "", item.text or item.icon or "").lower()
    return re.sub(r"\s+", "-", words.strip())
