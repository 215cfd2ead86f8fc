"""The project's settings: the table ``[tool.analysis]`` of its ``pyproject.toml``."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from analysis.errors import Location, ProjectError
from analysis.project.project import read_text

FILE = "pyproject.toml"
_TABLE = re.compile(r"\s*\[\s*tool\s*\.\s*analysis\s*\]")
_NAMES: dict[type, str] = {bool: "true or false", str: "a text"}
# Where models are kept if nothing else is said.
MODELS_FOLDER = "data/models"
_ANY_TABLE = re.compile(r"\s*\[")


@dataclass(frozen=True)
class Settings:
    """How a team wants its project to be treated; every setting has a default.

    ``snapshots``: each release keeps the snapshot of the warehouse that it was made from.
    ``models``: the board that versions of models are kept on, a folder (relative to the root) or
    a URL that pins supports.
    """

    snapshots: bool = True
    models: str = MODELS_FOLDER


def read_settings(root: Path) -> Settings:
    """Read the settings of the project at ``root``; the file and the table may be missing.

    Raises
    ------
    ProjectError
        The file is not TOML, or the table has an unknown key or a value of another type.
    """
    path = root / FILE
    if not path.is_file():
        return Settings()
    text = read_text(path, FILE)
    values = _table(text)
    known: dict[str, type] = {field.name: type(field.default) for field in fields(Settings)}
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            raise ProjectError(
                f"unknown key `{key}` in [tool.analysis]",
                _where(text, key),
                f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(known)}",
            )
        if type(value) is not known[key]:
            raise ProjectError(
                f"`{key}` in [tool.analysis] is not {_NAMES[known[key]]}", _where(text, key)
            )
    return Settings(**values)


def _table(text: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(text).get("tool", {}).get("analysis", {})
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ProjectError(
            f"this is not valid TOML: {str(error).partition(' (at ')[0]}",
            Location(FILE, int(line[1]) if line else text.count("\n") + 1),
        ) from None
    except AttributeError:
        found = None
    if not isinstance(found, dict):
        raise ProjectError("`tool.analysis` is not a table", Location(FILE))
    return found


def _where(text: str, key: str) -> Location:
    """Find the line of ``key``; the parser does not tell it."""
    inside = False
    wanted = re.compile(
        rf"""\s*(?:tool\s*\.\s*analysis\s*\.\s*)?["']?{re.escape(key)}["']?\s*[.=]"""
    )
    for number, line in enumerate(text.splitlines(), 1):
        if _ANY_TABLE.match(line):
            inside = bool(_TABLE.match(line))
            if re.match(rf"\s*\[+\s*tool\s*\.\s*analysis\s*\.\s*[\"']?{re.escape(key)}\b", line):
                return Location(FILE, number)
        elif inside and wanted.match(line):
            return Location(FILE, number)
    return Location(FILE)
