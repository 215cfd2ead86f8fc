"""``contents: auto``: the documents that a pattern names, as a tree of sections by folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from analysis.project.globs import matches
from analysis.site.navitems import NavItem

_INDEX = re.compile(r"(?:^|/)index\.\w+$")


@dataclass(frozen=True)
class _Entry:
    name: str
    item: NavItem
    order: float | None
    is_section: bool

    @property
    def rank(self) -> tuple[bool, float, bool, str]:
        return self.order is None, self.order or 0, self.is_section, self.name.casefold()


def expand(items: Sequence[NavItem], orders: Mapping[str, float | None]) -> tuple[NavItem, ...]:
    """Replace patterns by documents; ``orders`` maps each document to its ``order``."""
    out: list[NavItem] = []
    for item in items:
        if item.auto:
            for pattern in item.auto:
                out.extend(_matching(pattern, orders))
        elif item.items is not None:
            out.append(replace(item, items=expand(item.items, orders)))
        else:
            out.append(item)
    return tuple(out)


def _matching(pattern: str, orders: Mapping[str, float | None]) -> list[NavItem]:
    pattern = pattern.strip("/")
    chosen = [p for p in orders if p != _root_index(orders) and _matches(p, pattern)]
    has_wildcard = "*" in pattern
    base = pattern.partition("*")[0].rpartition("/")[0] if has_wildcard else pattern
    if has_wildcard:
        return _tree(
            base,
            [
                p
                for p in chosen
                if PurePosixPath(p).parent.as_posix() != base or not _INDEX.search(p)
            ],
            orders,
        )
    parent = PurePosixPath(base).parent.as_posix()
    return _tree("" if parent == "." else parent, chosen, orders)


def _matches(path: str, pattern: str) -> bool:
    # `*` alone means the whole project; a folder's own name means all below it.
    return pattern in ("*", "**") or matches(path, [pattern])


def _root_index(orders: Mapping[str, float | None]) -> str | None:
    return next((path for path in orders if re.fullmatch(r"index\.\w+", path)), None)


def _tree(base: str, paths: list[str], orders: Mapping[str, float | None]) -> list[NavItem]:
    start = len(base) + 1 if base else 0
    folders: dict[str, list[str]] = {}
    entries: list[_Entry] = []
    for path in paths:
        head, below, _ = path[start:].partition("/")
        if below:
            folders.setdefault(head, []).append(path)
        else:
            entries.append(
                _Entry(PurePosixPath(head).stem, NavItem(source=path), orders[path], False)
            )
    for name, inside in folders.items():
        entries.append(_folder(f"{base}/{name}" if base else name, name, inside, orders))
    return [entry.item for entry in sorted(entries, key=lambda entry: entry.rank)]


def _folder(folder: str, name: str, paths: list[str], orders: Mapping[str, float | None]) -> _Entry:
    index = next(
        (p for p in paths if PurePosixPath(p).parent.as_posix() == folder and _INDEX.search(p)),
        None,
    )
    rest = _tree(folder, [p for p in paths if p != index], orders)
    if index is None:
        return _Entry(name, NavItem(text=_title(name), items=tuple(rest)), None, True)
    item = NavItem(source=index, items=tuple(rest) if rest else None)
    return _Entry(name if rest else "index", item, orders[index], bool(rest))


def _title(name: str) -> str:
    return name if " " in name else re.sub(r"[_-]+", " ", name).strip().capitalize()
