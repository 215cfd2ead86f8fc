"""The record of one backup: which files there were, by content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from analysis.errors import SnapshotError

FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """The content of a file: the object that holds it, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """One backup; paths of ``files`` are relative to the project, ``created`` is UTC.

    ``snapshot`` is the id of that of the warehouse, which is among the files.
    """

    created: str
    commit: str | None
    snapshot: str | None
    files: Mapping[str, Stored]

    @property
    def id(self) -> str:
        """Give its name: the time, and a hash of its content, which tells damage."""
        when = re.sub(r"\D", "", self.created[:19])
        content = hashlib.sha256(self._content().encode()).hexdigest()
        return f"{when[:8]}T{when[8:]}Z-{content[:12]}"

    @property
    def size(self) -> int:
        """Give the bytes of all files."""
        return sum(stored.size for stored in self.files.values())

    def to_json(self) -> str:
        """Write it, sorted, so that two of them can be compared."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"

    def _content(self) -> str:
        return json.dumps({**asdict(self), "created": None}, sort_keys=True)


def parse_manifest(content: bytes, name: str) -> Manifest:
    """Read the manifest of the backup ``name``.

    Raises
    ------
    SnapshotError
        It is damaged, of a later program, or names a place outside of ``data``.
    """
    try:
        values: dict[str, Any] = json.loads(content)
        if values.pop("format") != FORMAT:
            raise SnapshotError(
                f"the backup {name} was made by another version of this program",
                hint="use that version to restore it",
            )
        files = {path: Stored(**stored) for path, stored in values.pop("files").items()}
        manifest = Manifest(files=files, **values)
        whole = manifest.id == name and all(map(_is_sound, files, files.values()))
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise SnapshotError(
            f"the manifest of the backup {name} is damaged",
            hint="take another one: `analysis backup URL --list` shows them",
        )
    return manifest


def _is_sound(path: str, stored: Stored) -> bool:
    parts = PurePosixPath(path).parts
    below = len(parts) > 1 and parts[0] == "data" and ".." not in parts and "\0" not in path
    return below and bool(_SHA256.fullmatch(stored.sha256)) and stored.size >= 0
