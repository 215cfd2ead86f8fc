"""What does not fit a model, in plain words: from what pydantic tells to a message and a hint."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from analysis.project.yamlfile import Key, Keys

_QUOTE = "YAML does not read `null`, `yes`, `no`, `on`, a number or a date as text: quote it"
_SHAPES = {
    "tuple_type": "this must be a list",
    "list_type": "this must be a list",
    "dict_type": "this must be a mapping of keys to values",
    "mapping_type": "this must be a mapping of keys to values",
    "model_type": "this must be a mapping of keys to values",
    "model_attributes_type": "this must be a mapping of keys to values",
    "string_type": "this must be text",
    "int_type": "this must be a whole number",
    "int_parsing": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
    "too_short": "this must not be empty",
    "string_too_short": "this must not be empty",
}


def first_of(errors: Sequence[ErrorDetails], value: Any) -> tuple[ErrorDetails, Keys]:
    """Choose the mistake to tell, and the path of keys to it that the file has.

    A misspelt key is also a missing one: the misspelling says more. Of a value that may be of
    several kinds, the kind counts that it comes closest to.
    """
    paths = [_path(error, value) for error in errors]
    pairs = list(zip(errors, paths, strict=True))
    unknown = [pair for pair in pairs if pair[0]["type"] == "extra_forbidden"]
    first = (unknown or pairs)[0]
    inside = [pair for pair in pairs if pair[1][: len(first[1])] == first[1]]
    return first if unknown else max(inside, key=lambda pair: len(pair[1]))


def problem(error: ErrorDetails, path: Keys) -> str:
    """Say what is wrong."""
    kind, name = error["type"], ".".join(str(key) for key in path)
    if kind == "extra_forbidden":
        return f"unknown key `{name}`"
    if kind == "missing":
        return f"the key `{name}` is missing"
    if not path:
        return "the file is not a mapping of keys to values"
    if _is_of_key(error):
        is_text = isinstance(error["input"], str)
        return f"unknown key `{name}`" if is_text else f"the key `{name}` is no text"
    if kind == "too_short" and error.get("ctx", {}).get("actual_length"):
        return f"`{name}`: {_small(error['msg'])}"
    return f"`{name}`: {_SHAPES.get(kind) or _small(error['msg'])}"


def hint(error: ErrorDetails, model: type[BaseModel], path: Keys) -> str | None:
    """Say what may have been meant."""
    kind, given = error["type"], error["input"]
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["msg"])
        if close := difflib.get_close_matches(str(given), allowed, n=1):
            return f"did you mean `{close[0]}`?"
        return f"it is one of {', '.join(allowed)}" if _is_of_key(error) and allowed else None
    if kind == "invalid_key" or _is_of_key(error):
        return _QUOTE
    if kind == "string_type":
        scalar = given is None or isinstance(given, bool | int | float | datetime.date)
        return _QUOTE if scalar else None
    if kind != "extra_forbidden":
        return None
    known: set[str] = set()
    _collect_keys(model.model_json_schema(), known)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    return f"did you mean `{close[0]}`?" if close and close[0] != path[-1] else None


def _is_of_key(error: ErrorDetails) -> bool:
    return error["loc"][-1:] == ("[key]",)


def _small(message: str) -> str:
    return (message[:1].lower() + message[1:]).replace("input should be", "this must be")


def _path(error: ErrorDetails, value: Any) -> Keys:
    """Leave out what is no key of the file: names of the kinds that a value may be of."""
    found: list[Key] = []
    loc = error["loc"][:-1] if _is_of_key(error) else error["loc"]
    tells_last = _is_of_key(error) or error["type"] in ("missing", "extra_forbidden")
    for place, key in enumerate(loc):
        if isinstance(value, Mapping):
            key = str(key)  # as the lines of the file are kept
        inner = _inner(value, key)
        if inner is not _NOTHING:
            found.append(key)
            value = inner
        elif tells_last and place == len(loc) - 1:
            found.append(key)
    return tuple(found)


_NOTHING = object()


def _inner(value: Any, key: Key) -> Any:
    if isinstance(value, Mapping):
        return next((value[known] for known in value if str(known) == key), _NOTHING)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return _NOTHING


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
