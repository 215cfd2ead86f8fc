"""Publish many times, fast: the real command line in this process, kernels from one server."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli.app import app
from analysis.documents import run as documents_run
from analysis.documents.kernels import KernelServer

Modules = Sequence[tuple[str, Sequence[str]]]
MADE = ("_freeze", ".analysis", "published", "_site", "warehouse.duckdb", "warehouse.json")
_RAN = re.compile(r"^ran +(.+) \([\d.]+ s\)$", re.MULTILINE)
_FAILED = re.compile(r"^FAILED +(.+?): ", re.MULTILINE)


@dataclass(frozen=True)
class Published:
    """What a run said: its exit code, the pages that it ran, and those that failed."""

    code: int
    ran: frozenset[str]
    failed: frozenset[str]
    text: str


def heard(code: int, text: str) -> Published:
    """Read what a run printed."""
    return Published(code, frozenset(_RAN.findall(text)), frozenset(_FAILED.findall(text)), text)


class Publisher:
    """Runs the command line on projects; ``packages`` is a folder of installed distributions."""

    def __init__(self, packages: Path) -> None:
        self.packages = packages
        self._runner = CliRunner()

    def __call__(self, root: Path, *options: str, command: str = "publish") -> Published:
        """Publish the project at ``root`` as it is now."""
        words = [command, str(root), *options]
        if command == "publish":
            words += ["--renderer", "embedded"]
        done = self._runner.invoke(app, words)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return heard(done.exit_code, done.output)

    def from_nothing(self, root: Path) -> dict[str, bytes]:
        """Publish a copy without anything that was ever made of it, and give that site."""
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "another place"
            shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*MADE))
            self(copy)
            return site(copy)


@contextlib.contextmanager
def publishing(modules: Modules) -> Iterator[Publisher]:
    """Start the kernel server that all runs share, with ``modules`` in it, and give it to them.

    The folder of packages is seen by kernels and by the command line, as an environment would be.
    """
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        packages = Path(name).resolve()
        patch.setenv("PYTHONPATH", name + os.pathsep + os.environ.get("PYTHONPATH", ""))
        patch.setattr(sys, "path", [*sys.path, str(packages)])
        with KernelServer(modules) as server:
            # A run starts a server and ends it; starting one takes longer than a page here.
            patch.setattr(documents_run, "KernelServer", lambda *_: nullcontext(server))
            yield Publisher(packages)


def site(root: Path) -> dict[str, bytes]:
    """Read the current release, file by file."""
    current = (root / "published" / "current").resolve()
    return {
        path.relative_to(current).as_posix(): path.read_bytes()
        for path in sorted(current.rglob("*"))
        if path.is_file()
    }


def different(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name the files that are not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
