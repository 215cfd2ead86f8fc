"""Records of models as JSON: reading and writing them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from analysis.errors import Location, ModelError
from analysis.files import write_text
from analysis.models.bundle.record import FORMAT, Bundle, Event, GoldenCase

_bundle = TypeAdapter(Bundle)
_event = TypeAdapter(Event)
_golden = TypeAdapter(tuple[GoldenCase, ...])
Record = TypeVar("Record")


def write_record(path: Path, record: Bundle | Event) -> None:
    """Write a bundle's record or an event, in one rename."""
    write_text(path, json.dumps(asdict(record), indent=2, ensure_ascii=False) + "\n")


def read_bundle(path: Path) -> Bundle:
    """Read a ``bundle.json``.

    Raises
    ------
    ModelError
        It is missing, damaged, or of another version.
    """
    return _read(path, _bundle)


def read_event(path: Path) -> Event:
    """Read an ``event.json``.

    Raises
    ------
    ModelError
        It is missing, damaged, or of another version.
    """
    return _read(path, _event)


def write_golden(path: Path, cases: tuple[GoldenCase, ...]) -> None:
    """Write golden cases, one a line, in one rename."""
    lines = ",\n".join(json.dumps(asdict(case), ensure_ascii=False) for case in cases)
    write_text(path, f'{{"format": {FORMAT}, "cases": [\n{lines}\n]}}\n')


def read_golden(path: Path) -> tuple[GoldenCase, ...]:
    """Read golden cases.

    Raises
    ------
    ModelError
        The file is missing, damaged, or of another version.
    """
    return _checked(path, _golden, _json(path).get("cases"))


def _read(path: Path, adapter: TypeAdapter[Record]) -> Record:
    return _checked(path, adapter, _json(path))


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise _damaged(path)
    return found


def _checked(path: Path, adapter: TypeAdapter[Record], value: Any) -> Record:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        raise _damaged(path) from None


def _damaged(path: Path) -> ModelError:
    return ModelError(
        "this record of a model is missing, damaged, or of another version",
        Location(f"{path.parent.name}/{path.name}"),
        "promote the run again: `analysis model promote`",
    )
