"""Navigation as declared: links, menus and sections, read from YAML into frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from analysis.errors import ProjectError
from analysis.project import Project
from analysis.project.project import DOCUMENT_SUFFIXES
from analysis.project.yamlfile import Key

EXTERNAL = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]*:|//|#)")
SEPARATOR = re.compile(r"^-{3,}\s*$")
# In Quarto, a menu made from the sidebar of this name.
_SIDEBAR = "sidebar:"
KNOWN = frozenset(
    (
        "text",
        "href",
        "file",
        "url",
        "icon",
        "aria-label",
        "rel",
        "target",
        "menu",
        "section",
        "contents",
        "auto",
        "id",
    )
)


@dataclass(frozen=True)
class NavItem:
    """A link, a menu, a section, a separator, or a pattern that stands for documents.

    ``text`` is Markdown. ``source`` is the document that the link leads to; ``href`` is any
    other target: an address, or a file relative to the root. ``auto`` holds patterns.
    """

    text: str | None = None
    href: str | None = None
    source: str | None = None
    anchor: str = ""
    icon: str | None = None
    label: str | None = None
    rel: str | None = None
    target: str | None = None
    items: tuple[NavItem, ...] | None = None
    auto: tuple[str, ...] = ()

    @property
    def is_separator(self) -> bool:
        """Say whether this is a line between others."""
        return bool(self.text and SEPARATOR.match(self.text))

    def walk(self) -> Iterator[NavItem]:
        """Give the item and all below it, in order."""
        yield self
        for item in self.items or ():
            yield from item.walk()


class ItemReader:
    """Read navigation items below a place in ``_quarto.yml``; collect what is not understood."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.documents = frozenset(project.documents)
        self.warnings: list[str] = []

    def items(self, value: Any, *keys: Key) -> tuple[NavItem, ...]:
        """Read a list of links and menus, as in a navbar or a footer."""
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._error(f"`{keys[-1]}` is not a list", keys, "write one `- item` a line")
        return tuple(self._item(item, (*keys, index)) for index, item in enumerate(value))

    def contents(self, value: Any, *keys: Key) -> tuple[NavItem, ...]:
        """Read the contents of a sidebar or of a section; ``auto`` and globs are patterns."""
        if value is None:
            return ()
        if isinstance(value, str):
            return (self._pattern(value, keys),)
        if isinstance(value, dict):
            return (self._entry(value, keys),)
        if not isinstance(value, list):
            raise self._error("`contents` is not a list", keys, "write one `- item` a line")
        return tuple(self._entry(item, (*keys, index)) for index, item in enumerate(value))

    def _entry(self, value: Any, keys: tuple[Key, ...]) -> NavItem:
        if isinstance(value, str) and ("*" in value or value == "auto"):
            return self._pattern(value, keys)
        if isinstance(value, dict) and "auto" in value:
            auto = value["auto"]
            patterns = auto if isinstance(auto, list) else [auto]
            return NavItem(auto=tuple("*" if p is True else str(p) for p in patterns))
        if isinstance(value, dict) and ("section" in value or "contents" in value):
            return self._section(value, keys)
        return self._item(value, keys)

    def _section(self, value: dict[str, Any], keys: tuple[Key, ...]) -> NavItem:
        self._check(value, keys)
        title = value.get("section")
        link = value.get("href")
        if title is not None and link is None and str(title) in self.documents:
            title, link = None, title
        found = self._link(str(link), (*keys, "href")) if link else NavItem()
        text = value.get("text", title)
        items = self.contents(value.get("contents"), *keys, "contents")
        return self._decorated(value, found, None if text is None else str(text), items)

    def _pattern(self, value: str, keys: tuple[Key, ...]) -> NavItem:
        pattern = "*" if value == "auto" else value
        if "*" not in pattern and not (self.project.root / pattern).is_dir():
            return self._item(value, keys)
        return NavItem(auto=(pattern,))

    def _item(self, value: Any, keys: tuple[Key, ...]) -> NavItem:
        if isinstance(value, str):
            is_text = SEPARATOR.match(value) or not self._looks_like_target(value)
            return NavItem(text=value) if is_text else self._link(value, keys)
        if not isinstance(value, dict):
            raise self._error(f"`{value}` is no navigation item", keys, "use text and href")
        self._check(value, keys)
        name = next((key for key in ("href", "file", "url") if value.get(key)), None)
        found = self._link(str(value[name]), (*keys, name)) if name else NavItem()
        text = value.get("text")
        menu = self.items(value["menu"], *keys, "menu") if "menu" in value else None
        return self._decorated(value, found, None if text is None else str(text), menu)

    def _decorated(
        self,
        value: dict[str, Any],
        found: NavItem,
        text: str | None,
        items: tuple[NavItem, ...] | None,
    ) -> NavItem:
        def word(key: str) -> str | None:
            return str(value[key]) if value.get(key) is not None else None

        return NavItem(
            text=found.text if text is None else text,
            href=found.href,
            source=found.source,
            anchor=found.anchor,
            icon=word("icon"),
            label=word("aria-label"),
            rel=word("rel"),
            target=word("target"),
            items=items,
        )

    def _looks_like_target(self, value: str) -> bool:
        path = value.partition("#")[0]
        return (
            bool(EXTERNAL.match(value))
            or path.endswith((*DOCUMENT_SUFFIXES, ".html"))
            or (self.project.root / path.lstrip("/")).is_file()
        )

    def _link(self, href: str, keys: tuple[Key, ...]) -> NavItem:
        if href.startswith(_SIDEBAR):
            where = self.project.config.where(*keys)
            self.warnings.append(f"{where}: `{href}` makes no menu here; it is shown as text")
            return NavItem(text=href.removeprefix(_SIDEBAR))
        if EXTERNAL.match(href):
            return NavItem(href=href)
        path, mark, anchor = href.partition("#")
        name = PurePosixPath(path.lstrip("/").removeprefix("./")).as_posix()
        found = next((n for n in self._candidates(name) if n in self.documents), None)
        if found:
            return NavItem(source=found, anchor=mark + anchor)
        file = self.project.inside(name, *keys)
        if file.is_file() and not name.endswith(DOCUMENT_SUFFIXES):
            return NavItem(href=name, anchor=mark + anchor)
        raise self._error(
            f"`{href}` is not a document of this project",
            keys,
            "name a .qmd, .md or .ipynb file relative to _quarto.yml, or a full address",
        )

    @staticmethod
    def _candidates(name: str) -> Iterator[str]:
        yield name
        for suffix in DOCUMENT_SUFFIXES:
            yield name.removesuffix(".html") + suffix
            yield ("" if name == "." else name.rstrip("/") + "/") + "index" + suffix

    def _check(self, value: dict[str, Any], keys: tuple[Key, ...]) -> None:
        for key in value:
            if key not in KNOWN:
                where = self.project.config.where(*keys, key)
                self.warnings.append(f"{where}: the navigation option `{key}` is not supported")

    def _error(self, what: str, keys: tuple[Key, ...], hint: str) -> ProjectError:
        return ProjectError(what, self.project.config.where(*keys), hint)
