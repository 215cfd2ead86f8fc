"""The command line in a process that kills itself, as `kill -9` does, at a chosen call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import importlib, os, signal, sys

module, name, when, *words = sys.argv[1:]
place = importlib.import_module(module)
*path, name = name.split(".")
for part in path:
    place = getattr(place, part)
original = getattr(place, name)

def deadly(*args, **kwargs):
    if when == "after":
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(place, name, deadly)
sys.argv = ["analysis", *words]
from analysis.cli.boundary import main
main()
"""


def killed(cwd: Path, module: str, name: str, when: str, *words: str) -> None:
    """Run ``analysis`` with ``words`` and die ``before`` or ``after`` the call of a function."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, module, name, when, *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == -9, done.stdout + done.stderr
