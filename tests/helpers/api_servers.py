"""Servers of models as a user starts them, on a port of their own."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.projects import ANALYSIS

START_SECONDS = 60.0


@contextmanager
def serving(root: Path, name: str, *options: str) -> Iterator[str]:
    """Run ``analysis serve model`` until the end of the block; give the address."""
    log = root / ".analysis" / "server-of-a-test.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [ANALYSIS, "serve", "model", name, "--port", "0", *options],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"http://\S+?:\d+", log.read_text()):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text()[-500:]}")
