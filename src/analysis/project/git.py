"""What git knows of the project: the commit, and whether something was changed since."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def git(root: Path, *words: str) -> str | None:
    """Give what git answers in the folder ``root``; ``None`` if it fails or is not there."""
    if shutil.which("git") is None:
        return None
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def git_commit(root: Path) -> str | None:
    """Give the commit of the project, with ``+`` where files differ; ``None`` without git."""
    commit = git(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    return commit + ("+" if git(root, "status", "--porcelain", "--untracked-files=no", ".") else "")
