"""Links and pictures: documents become their pages, and files that the page needs are listed."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from analysis.documents.page import Page
from analysis.errors import DocumentError, Location
from analysis.site.body.dom import Element, within
from analysis.site.body.model import BodyContext
from analysis.site.body.source import locate

_ELSEWHERE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")
_DOCUMENTS = (".qmd", ".ipynb", ".md")
_EMBEDDED = ("src", "poster", "data")
_SAFE = "/~!$&'()*+,;=:@"


@dataclass
class Found:
    """What the page refers to."""

    resources: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    warnings: list[tuple[Location, str]] = field(default_factory=list)


def finish_links(main: Element, page: Page, context: BodyContext) -> Found:
    """Rewrite the addresses below ``main``.

    Raises
    ------
    DocumentError
        A picture lies outside the project.
    """
    found = Found()
    for element, attribute in _addresses(main):
        address = element.get(attribute, "")
        if address and not _ELSEWHERE.match(address):
            is_link = attribute == "href"
            new = _Address(address, page, context, found).resolve(is_link)
            element.set(attribute, new)
    return found


def _addresses(main: Element) -> Iterator[tuple[Element, str]]:
    for link in main.xpath(".//a[@href]"):
        # Tabs lead nowhere, and the anchors of code lines to themselves.
        if link.get("role") != "tab" and not within(link, "sourceCode"):
            yield link, "href"
    for name in _EMBEDDED:
        for element in main.xpath(f".//*[@{name}]"):
            if name != "data" or element.tag == "object":
                yield element, name


class _Address:
    """One address, split, with the place on the page that it stands in."""

    def __init__(self, address: str, page: Page, context: BodyContext, found: Found) -> None:
        self.address = address
        path, hash_sign, anchor = address.partition("#")
        path, question, query = path.partition("?")
        self.path = unquote(path)
        self.rest = f"{question}{query}{hash_sign}{anchor}"
        self.anchor = f"#{unquote(anchor)}" if anchor else ""
        self.page, self.context, self.found = page, context, found
        self.folder = posixpath.dirname(page.source)
        base = "" if self.path.startswith("/") else self.folder
        self.target = posixpath.normpath(posixpath.join(base, self.path.lstrip("/")))

    def resolve(self, is_link: bool) -> str:
        if not self.path:
            if self.anchor and is_link:
                self.found.links.append(self.page.output + self.anchor)
            return self.address
        return self._link() if is_link else self._embedded()

    def _link(self) -> str:
        if self.target.startswith(".."):
            return self.address
        if output := self.context.outputs.get(self.target):
            self.found.links.append(output + self.anchor)
            return self._relative(output, dot=True) + self.rest
        if self._is_lost_page():
            self._warn(f"the link leads to `{self.path}`, which is not a page of this site")
        elif self._is_file():
            self.found.resources.add(self.target)
        is_folder = self.path.endswith("/") and self.target != "."
        self.found.links.append(self.target + ("/" if is_folder else "") + self.anchor)
        return self._moved()

    def _embedded(self) -> str:
        if self.target.startswith(".."):
            raise DocumentError(
                f"`{self.path}` lies outside the project",
                self._where(),
                "copy the file into the project",
            )
        is_made = self.target in self.page.figures or self.target in self.context.outputs.values()
        if not is_made:
            if self._is_file():
                self.found.resources.add(self.target)
            elif not self.path.endswith("/"):
                self._warn(f"there is no file `{self.path}`")
        return self._moved()

    def _is_lost_page(self) -> bool:
        """Tell whether this was meant to be a page; notebooks and notes may be downloads."""
        is_there = (self.context.root / self.target).is_file()
        return self.path.endswith(".qmd") or (self.path.endswith(_DOCUMENTS) and not is_there)

    def _is_file(self) -> bool:
        path = self.context.root / self.target
        if not path.is_file():
            self.found.missing.add(self.target)
            return False
        if not path.resolve().is_relative_to(self.context.root.resolve()):
            raise DocumentError(
                f"`{self.path}` leads out of the project by a link",
                self._where(),
                "copy the file into the project",
            )
        return True

    def _moved(self) -> str:
        """Give the address, relative if it was counted from the project's root."""
        if not self.path.startswith("/"):
            return self.address
        slash = "/" if self.path.endswith("/") and self.target != "." else ""
        return self._relative(self.target, dot=False) + slash + self.rest

    def _relative(self, target: str, *, dot: bool) -> str:
        start = posixpath.dirname(self.page.output) or "."
        path = quote(os.path.relpath(target, start), safe=_SAFE)
        return path if path.startswith("..") or not dot else f"./{path}"

    def _where(self) -> Location:
        name = PurePosixPath(self.path).name
        return locate(self.context, self.page.source, re.escape(name))

    def _warn(self, text: str) -> None:
        self.found.warnings.append((self._where(), text))
