"""YAML that remembers its lines, and strict reading of it into frozen values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from analysis.errors import Location, ProjectError
from analysis.files import digest
from analysis.project.misfits import first_of, hint, problem

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")
Key = str | int
Keys = tuple[Key, ...]
# More keys than this come from aliases of aliases, which would fill the memory.
_MOST_KEYS = 200_000
# An alias within itself would never end.
_DEEPEST = 100

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Yaml:
    """A parsed YAML text: plain values, and the line on which each key stands.

    ``path`` is relative to the project root; ``lines`` maps a path of keys to a 1-based line.
    """

    path: str
    value: Any
    lines: Mapping[Keys, int]

    def where(self, *keys: Key) -> Location:
        """Locate the nearest known key on the way to ``keys``."""
        for end in range(len(keys), -1, -1):
            if (line := self.lines.get(tuple(keys[:end]))) is not None:
                return Location(self.path, line)
        return Location(self.path)

    def item(self, index: int, *keys: Key) -> Keys:
        """Give the path of an item below ``keys``, where one may be written without a list."""
        return (*keys, index) if (*keys, index) in self.lines else keys

    @property
    def mark(self) -> str:
        """Fingerprint what it says, in its order; comments and blanks say nothing."""
        return digest(json.dumps(self.value, default=str, ensure_ascii=False).encode())


def parse_yaml(text: str, path: str, first_line: int = 1) -> Yaml:
    """Parse ``text``; ``first_line`` is where it begins in the file at ``path``.

    Raises
    ------
    ProjectError
        The text is not YAML, or a mapping names a key twice.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Keys, int] = {(): first_line}
        _record_lines(node, (), first_line, lines, path)
        value = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ProjectError(
            f"this is not valid YAML: {error.problem or error.context}",
            Location(path, mark.line + first_line if mark else None),
            "check indentation, quotes and colons on this line and the one before",
        ) from None
    except RecursionError:
        raise ProjectError("this is nested too deeply", Location(path, first_line)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ProjectError(f"this is not valid YAML: {error}", Location(path, first_line)) from None
    finally:
        loader.dispose()
    return Yaml(path, value, lines)


def _record_lines(node: Any, keys: Keys, first: int, lines: dict[Keys, int], path: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            line = key.start_mark.line + first
            if name in seen and name != "<<":
                raise ProjectError(
                    f"the key `{name}` stands here a second time",
                    Location(path, line),
                    "keep one of the two",
                )
            seen.add(name)
            _note(lines, (*keys, name), line, path)
            _record_lines(value, (*keys, name), first, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(lines, (*keys, index), item.start_mark.line + first, path)
            _record_lines(item, (*keys, index), first, lines, path)


def _note(lines: dict[Keys, int], keys: Keys, line: int, path: str) -> None:
    if len(lines) > _MOST_KEYS or len(keys) > _DEEPEST:
        raise ProjectError(
            "this holds too many keys, or aliases of themselves",
            Location(path, line),
            "write out what `*` stands for",
        )
    lines[keys] = line


def strict(source: Yaml, model: type[M], *keys: Key) -> M:
    """Read ``source`` into ``model``, a pydantic model that forbids unknown keys.

    ``keys`` is the path of the part of the YAML to read.

    Raises
    ------
    ProjectError
        With file and line of the first key that does not fit.
    """
    from pydantic import ValidationError

    value = source.value
    for key in keys:
        value = value[key]
    try:
        return model.model_validate({} if value is None else value)
    except ValidationError as error:
        first, found = first_of(error.errors(), value)
        path = (*keys, *found)
        raise ProjectError(
            problem(first, path), source.where(*path), hint(first, model, path)
        ) from None
