"""Commands as forks of a process that has imported the command line, which is most of a start.

Each command is a process of its own, with its own folder, environment and output. There are
several such processes, taken in turn: their hashes are seeded otherwise, so two commands in a row
see sets in other orders, as two starts of Python do.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

_SERVER = Path(__file__).with_name("forking_server.py")
_TURNS = itertools.count()
_SERVERS = 2
TIMEOUT = 120


def forked(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> tuple[int, str, str]:
    """Run a command line; give its exit code, or the signal that ended it below nought, and output.

    Raises
    ------
    subprocess.TimeoutExpired
        It takes too long, and is killed.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(TIMEOUT)
            link.connect(_server(next(_TURNS) % _SERVERS))
            told = {"arguments": [*arguments], "cwd": str(cwd), "environment": {**environment}}
            _send(link, told, out, err)
            code = _code(link, arguments)
        return code, _text(out), _text(err)


def _send(link: socket.socket, told: object, out: IO[bytes], err: IO[bytes]) -> None:
    content = json.dumps(told).encode()
    socket.send_fds(link, [len(content).to_bytes(8, "big")], [out.fileno(), err.fileno()])
    link.sendall(content)


def _code(link: socket.socket, arguments: Sequence[str]) -> int:
    process = 0
    try:
        with link.makefile("r") as answers:
            process = int(answers.readline())
            return int(answers.readline())
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        raise subprocess.TimeoutExpired([*arguments], TIMEOUT) from None


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode().replace("\r\n", "\n")


@cache
def _server(number: int) -> str:
    """Start one, which ends with this process; say where it listens."""
    folder = tempfile.mkdtemp(prefix="forking-")
    address = f"{folder}/{number}"
    # It sees the end of this process by that of its input.
    server = subprocess.Popen(
        [sys.executable, "-P", _SERVER, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    _KEPT.append(server)
    return address


_KEPT: list[subprocess.Popen[bytes]] = []
