"""Tiny projects on disk, and the real command line to run on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ANALYSIS = str(Path(sys.executable).with_name("analysis"))

QUARTO_YML = """\
project:
  type: website
website:
  title: "Tiny"
execute:
  freeze: auto
jupyter: python3
"""


@dataclass(frozen=True)
class Outcome:
    """What a user sees of a command."""

    code: int
    out: str
    err: str


def write_project(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write ``files`` below ``root``, with a ``_quarto.yml`` where none is given."""
    for name, content in {"_quarto.yml": QUARTO_YML, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def analysis(cwd: Path, *arguments: str, **environment: str) -> Outcome:
    """Run the command line in ``cwd`` as a user or a scheduler would, without a terminal."""
    done = subprocess.run(
        [ANALYSIS, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def snapshot(root: Path, *folders: str) -> dict[str, bytes]:
    """Read every file below the ``folders`` of a project, to see whether any changed."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }
