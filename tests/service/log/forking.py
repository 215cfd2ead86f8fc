"""Real servers that start at once: forked from a process that has imported all they need."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """
import os, signal, sys
import analysis.cli.app, analysis.models.predicting.predictor, analysis.models.registry.registry
import analysis.service.app, analysis.service.server, analysis.service.log.compaction
import sklearn.ensemble, sklearn.linear_model, sklearn.pipeline, pandas, skops.io

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
for line in sys.stdin:
    if os.fork() == 0:
        from analysis.cli.boundary import main
        print("process", os.getpid(), flush=True)
        sys.argv = ["analysis", "serve", "model", "late-flights", "--port", "0", *line.split()]
        main()
        os._exit(0)
"""


@dataclass(frozen=True)
class Forked:
    """A server, and how to kill it."""

    url: str
    pid: int

    def kill(self) -> None:
        """Kill it as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """Starts servers of a project."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, *options: str) -> Forked:
        """Start one, and wait until it listens."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(" ".join(options) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline().split()[1])
        while not (found := re.search(r" on (http://\S+);", self._process.stdout.readline())):
            pass
        return Forked(found[1], pid)


@contextmanager
def nursery(root: Path) -> Iterator[Nursery]:
    """Give what starts servers of the project at ``root``; those it has started end before it."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        process.communicate()
