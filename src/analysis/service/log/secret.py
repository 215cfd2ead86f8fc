"""The project's secret, with which personal values are hashed in the log of predictions."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from analysis.errors import Location, ProjectError
from analysis.project import Project

_FILE = "predictions.secret"
_BYTES = 32


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
