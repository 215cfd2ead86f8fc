"""Runs of the command line as processes of their own, to be watched and killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.proof.publisher import Published, heard

MARK = "ANALYSIS_PROOF"
PATIENCE = 60.0


@dataclass
class Running:
    """One process; ``mark`` is in the environment of all that it starts."""

    pid: int
    mark: str
    folder: Path
    started: float = field(default_factory=time.perf_counter)

    def wait(self) -> Published:
        """Wait for its end; a signal gives a negative code."""
        give_up = time.monotonic() + PATIENCE
        while not self.ended:
            if time.monotonic() > give_up:
                raise TimeoutError(f"no end after {PATIENCE:.0f} s:\n{self.output}")
            time.sleep(0.002)
        return heard(int((self.folder / "exit").read_text()), self.output)

    @property
    def ended(self) -> bool:
        """Say whether it has ended, and been waited for."""
        return (self.folder / "exit").exists()

    @property
    def output(self) -> str:
        """Give what it printed so far."""
        return (self.folder / "output").read_text()

    def kill(self, *, group: bool) -> None:
        """Kill it, alone or with its process group."""
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            (os.killpg if group else os.kill)(self.pid, signal.SIGKILL)

    def leftovers(self, patience: float) -> list[str]:
        """List the processes that it started and that are still there after ``patience`` s."""
        give_up = time.monotonic() + patience
        while (found := _marked(self.mark)) and time.monotonic() < give_up:
            time.sleep(0.05)
        return found


class Launcher:
    """Forks runs from a process that has imported the command line: they begin at once."""

    def __enter__(self) -> Launcher:
        """Start the process."""
        self._folder = tempfile.TemporaryDirectory()
        script = Path(__file__).with_name("launcher.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it; runs go on."""
        with self._process:
            pass
        self._folder.cleanup()

    def start(self, root: Path, *words: str) -> Running:
        """Start ``analysis`` with ``words`` in ``root``."""
        mark = uuid.uuid4().hex
        folder = Path(self._folder.name) / mark
        folder.mkdir()
        request = {"cwd": str(root), "words": words, "folder": str(folder), "mark": mark}
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Running(int(self._process.stdout.readline()), mark, folder)

    def publish(self, root: Path, *options: str) -> Running:
        """Start to publish the project at ``root``."""
        return self.start(root, "publish", "--renderer", "embedded", *options)


def _marked(mark: str) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())}")
        except psutil.Error:
            continue
    return found
