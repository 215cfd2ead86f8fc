"""The kinds of sources, and the keys that each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "csv",
    "tsv",
    "parquet",
    "json",
    "jsonl",
    "excel",
    "sqlite",
    "package",
    "python",
    "postgres",
    "url",
]


@dataclass(frozen=True)
class Keys:
    """Keys that a kind needs, and others that it takes; of ``one_of`` it takes exactly one."""

    needed: tuple[str, ...]
    taken: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Give every key that the kind takes."""
        return (*self.needed, *self.taken, *self.one_of)


_TEXT = ("delimiter", "missing")
KEYS: Mapping[str, Keys] = {
    "csv": Keys(("path",), _TEXT),
    "tsv": Keys(("path",), _TEXT),
    "parquet": Keys(("path",), ("in_place",)),
    "json": Keys(("path",)),
    "jsonl": Keys(("path",)),
    "excel": Keys(("path",), ("sheet", "missing")),
    "sqlite": Keys(("path",), ("missing",), ("table", "query")),
    "package": Keys(("distribution", "path"), _TEXT),
    "python": Keys(("function",)),
    "postgres": Keys(("url",), ("changed",), ("table", "query")),
    "url": Keys(("url",), ("format", "sheet", *_TEXT)),
}
# Every key that only some kinds take.
SOME = frozenset(key for keys in KEYS.values() for key in keys.all())
# What a key is for, said when it is missing.
MEANS: Mapping[str, str] = {
    "path": "where the file lies",
    "distribution": "the name under which pip installs the package",
    "function": "`module:name` of a function that yields tables",
    "url": "where the data are; credentials as `${NAME}`",
    "table": "the table to read, or `query:`",
}
