"""The file of keys: names, and what a key hashes to; the keys themselves are nowhere."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from analysis.errors import Location, ModelError
from analysis.project import Project

VARIABLE = "ANALYSIS_KEYS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# A key is chance alone, 32 bytes of it, so that a plain hash is enough: there is nothing to guess.
_BYTES = 32


@dataclass(frozen=True)
class Key:
    """What is kept of a key: who has it, its SHA-256, and when it was made."""

    name: str
    sha256: str
    created: str


_keys = TypeAdapter(tuple[Key, ...])


def keys_file(project: Project) -> Path:
    """Give the file of keys: of the project, or the one that ``ANALYSIS_KEYS`` names."""
    named = os.environ.get(VARIABLE)
    return Path(named).absolute() if named else project.work_dir / "keys.json"


def hashed(key: str) -> str:
    """Hash a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def read_keys(path: Path) -> tuple[Key, ...]:
    """Read the keys; there are none if there is no file.

    Raises
    ------
    ModelError
        The file cannot be read, or holds something else.
    """
    try:
        return parse_keys(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError):
        raise ModelError(
            "the file of API keys cannot be read",
            Location(path.name),
            "add the keys again: `analysis serve key add NAME`",
        ) from None


def parse_keys(content: bytes) -> tuple[Key, ...]:
    """Read keys from the content of their file.

    Raises
    ------
    ValueError
        It holds something else.
    """
    try:
        return _keys.validate_python(json.loads(content)["keys"])
    except (ValidationError, KeyError, TypeError):
        raise ValueError("these are no keys") from None


def add_key(path: Path, name: str) -> str:
    """Make a key for ``name``, keep what it hashes to, and give it: it cannot be read again.

    Raises
    ------
    ModelError
        The name is taken, or cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(f"`{name[:70]}` cannot name a key", hint="use letters, digits, - . and _")
    with _alone(path):
        keys = read_keys(path)
        if any(key.name == name for key in keys):
            raise ModelError(
                f"there is a key `{name}` already",
                hint=f"remove it: `analysis serve key remove {name}`",
            )
        key = secrets.token_urlsafe(_BYTES)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        _write(path, (*keys, Key(name, hashed(key), now)))
    return key


def remove_key(path: Path, name: str) -> None:
    """Forget the key of ``name``: running servers refuse it from now on.

    Raises
    ------
    ModelError
        There is none.
    """
    with _alone(path):
        keys = read_keys(path)
        kept = tuple(key for key in keys if key.name != name)
        if len(kept) == len(keys):
            known = ", ".join(key.name for key in keys)
            raise ModelError(
                f"there is no key `{name}`",
                hint=f"there are {known}" if known else "`analysis serve key add NAME` makes one",
            )
        _write(path, kept)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes from changing the file: what one of them adds would be lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The file itself is replaced, so that it cannot be what is locked.
    with path.with_name(f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    """Write the file in one rename; nobody else may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"keys": [asdict(key) for key in keys]}, indent=2) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
