"""A real server of a model: the command itself, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.helpers.projects import ANALYSIS

START_SECONDS = 60.0
_URL = re.compile(r" on (http://\S+);")
ROW = {"wind": 12.5, "hour": 8, "holiday": True, "carrier": "AA"}


@dataclass(frozen=True)
class Server:
    """A server that listens; ``line`` is what it printed."""

    url: str
    line: str
    process: subprocess.Popen[str]
    errors: Path

    def post(
        self, body: object, path: str = "/predict", headers: Mapping[str, str | bytes] | None = None
    ) -> httpx.Response:
        """Send ``body`` as JSON."""
        told = {**(headers or {}), "content-type": "application/json"}
        content = json.dumps(body).encode()
        return httpx.post(self.url + path, content=content, headers=told, timeout=30)  # type: ignore[arg-type]

    def send(self, content: bytes, type_: str = "application/json") -> httpx.Response:
        """Send bytes to ``/predict``."""
        headers = {"content-type": type_}
        return httpx.post(f"{self.url}/predict", content=content, headers=headers, timeout=30)

    def get(self, path: str, **told: object) -> httpx.Response:
        """Ask for ``path``."""
        return httpx.get(self.url + path, timeout=30, **told)  # type: ignore[arg-type]

    def end(self) -> tuple[int, str]:
        """Tell it to end; give its exit code, and what it wrote about errors."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=40)
        return code, self.errors.read_text()


@contextmanager
def serving(
    root: Path, *options: str, name: str = "late-flights", **environment: str
) -> Iterator[Server]:
    """Serve a model of the project at ``root`` on a free port, until the block ends."""
    errors = root / f"errors-{uuid.uuid4().hex}.txt"
    # A pipe that nobody reads would hold up the server.
    with errors.open("w") as file:
        process = subprocess.Popen(
            [ANALYSIS, "serve", "model", name, "--port", "0", *options],
            cwd=root,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
    try:
        line = _first_line(process, errors)
        found = _URL.search(line)
        assert found, f"the server printed {line!r}"
        server = Server(found[1].replace("0.0.0.0", "127.0.0.1"), line, process, errors)
        _wait(server.url)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _first_line(process: subprocess.Popen[str], errors: Path) -> str:
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        raise AssertionError(f"the server did not start: {errors.read_text()}")
    return line


def _wait(url: str) -> None:
    """Wait until it answers: it listens before its application has begun."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"{url}/ping", timeout=START_SECONDS).status_code == 200:
                return
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
