"""Who changes something: as git knows the person, else as the system does."""

from __future__ import annotations

import getpass
from pathlib import Path

from analysis.project.git import git


def who(root: Path) -> str | None:
    """Name whoever runs this; ``None`` if nobody knows."""
    if name := git(root, "config", "user.name"):
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None
