"""The process of which commands are forks; see ``forking``."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

# What commands import. None of it starts a thread or opens a file that stays open.
IMPORTED = (
    "analysis.cli.app",
    "analysis.cli.workflow",
    "analysis.documents.run",
    "analysis.experiments.declared.file",
    "analysis.experiments.runs.store",
    "analysis.site.embedded",
    "analysis.site.release",
    "analysis.warehouse.connection",
    "analysis.warehouse.ingest",
)


def main(address: str) -> None:
    """Fork a keeper for each connection, until nobody is there any more."""
    sys.path.insert(0, str(Path(sys.executable).parent))
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # else what is shared is copied when a fork looks for what it may forget
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(16)
        os.write(1, b"ready\n")
        while True:
            ready, _, _ = select.select([listener, sys.stdin.buffer], [], [])
            if sys.stdin.buffer in ready:
                shutil.rmtree(Path(address).parent, ignore_errors=True)
                os._exit(0)
            link, _ = listener.accept()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if os.fork() == 0:
                listener.close()
                break
            link.close()
    keep(link)


def keep(link: socket.socket) -> None:
    """Fork the command, tell its process id and then its exit code."""
    length, files, _, _ = socket.recv_fds(link, 8, 2)
    size, content = int.from_bytes(length, "big"), b""
    while len(content) < size:
        content += link.recv(size - len(content))
    process = os.fork()
    if process == 0:
        link.close()
        run(json.loads(content), files)
    link.sendall(f"{process}\n".encode())
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with contextlib.suppress(OSError):
        link.sendall(f"{code}\n".encode())
    os._exit(0)


def run(told: dict[str, Any], files: list[int]) -> None:
    """Be the command, and end without what Python tidies up at last: that takes longer."""
    null = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate([null, *files]):
        os.dup2(file, number)
        os.close(file)
    os.chdir(told["cwd"])
    os.environ.clear()
    os.environ.update(told["environment"])
    sys.argv = [str(Path(sys.executable).with_name("analysis")), *told["arguments"]]
    # What else is started must not find this file.
    sys.modules["__main__"] = ModuleType("__main__")
    os._exit(ended(importlib.import_module("analysis.cli").main))


def ended(command: Callable[[], None]) -> int:
    """Do it; give the exit code once its threads are over and all is written."""
    code = 0
    try:
        command()
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    main(sys.argv[1])
