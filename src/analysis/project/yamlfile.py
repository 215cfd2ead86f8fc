"""YAML that remembers its lines, and strict reading of it into frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from analysis.errors import Location, ProjectError

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")
Key = str | int
Keys = tuple[Key, ...]

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
            lines[(*keys, name)] = line
            _record_lines(value, (*keys, name), first, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*keys, index)] = item.start_mark.line + first
            _record_lines(item, (*keys, index), first, lines, path)


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
        # A misspelt key is also a missing one: the misspelling says more.
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        path = (*keys, *first["loc"])
        raise ProjectError(
            _problem(first["type"], first["msg"], path),
            source.where(*path),
            _hint(first["type"], model, path),
        ) from None


def _problem(kind: str, message: str, path: Sequence[Key]) -> str:
    name = ".".join(str(key) for key in path)
    if kind == "extra_forbidden":
        return f"unknown key `{name}`"
    if kind == "missing":
        return f"the key `{name}` is missing"
    if not path:
        return "the file is not a mapping of keys to values"
    return f"`{name}`: {message[:1].lower()}{message[1:]}"


def _hint(kind: str, model: type[BaseModel], path: Sequence[Key]) -> str | None:
    import difflib

    if kind == "invalid_key" or path[-1:] == ("[key]",):
        return "YAML does not read `null`, `yes`, `no`, `on` or a number as text: quote such a key"
    known: set[str] = set()
    _collect_keys(model.model_json_schema(), known)
    close = difflib.get_close_matches(str(path[-1]), known, n=1) if path else []
    return f"did you mean `{close[0]}`?" if close and close[0] != path[-1] else None


def _collect_keys(schema: Any, known: set[str]) -> None:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            known.update(properties)
        for value in schema.values():
            _collect_keys(value, known)
    elif isinstance(schema, list):
        for value in schema:
            _collect_keys(value, known)
