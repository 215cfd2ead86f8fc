"""The project's secret, with which personal values are hashed in logs and labels."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from analysis.errors import Location, ProjectError
from analysis.project.project import Project

_FILE = "predictions.secret"
_BYTES = 32
# So many hex digits of a hash: enough that no two persons share one.
_DIGITS = 32


def project_secret(project: Project) -> bytes:
    """Give the secret of a project; it is made, readable by its owner alone, if there is none.

    Raises
    ------
    ProjectError
        It is damaged: with another one, the same person would get another hash.
    """
    path = project.work_dir / _FILE
    if not path.exists():
        _make(path)
    found = path.read_bytes()
    if len(found) != _BYTES:
        raise ProjectError(
            "the secret of the log of predictions is damaged",
            Location(f"{path.parent.name}/{path.name}"),
            "bring it back, or delete it: hashes of persons are then others than before",
        )
    return found


def hashed(secret: bytes, value: Any) -> str | None:
    """Give what stands for a personal value: HMAC-SHA-256 of its text with the ``secret``.

    The same value has the same hash, and nobody finds the value by trying all that there are.
    """
    if value is None:
        return None
    found = hmac.digest(secret, str(value).encode("utf-8", "surrogatepass"), "sha256")
    return found.hex()[:_DIGITS]


def _make(path: Path) -> None:
    """Put a secret in place in one step; that of another process which was first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{_FILE}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        Path(path).hardlink_to(name)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
