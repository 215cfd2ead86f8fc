"""The owner's side of the process that starts kernels; it lives no longer than its owner."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

# A Unix socket's path has 107 characters at most; a kernel adds up to 20 to its folder's.
LONGEST_FOLDER = 80
SECONDS_TO_END = 5
# The same for every kernel, forked or not, so that results are the same. BLAS and Arrow would start
# threads when they are imported, which no fork survives; pages run beside each other instead.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # Kernels die with their server and need not watch a parent, which is what 1 says to them.
    "JPY_PARENT_PID": "1",
}
Modules = Sequence[tuple[str, Sequence[str]]]


def kernel_environment() -> dict[str, str]:
    """Give the environment of kernels; what the user has set goes before our defaults."""
    return {**ENVIRONMENT, **os.environ}


class KernelServer:
    """Start kernels for one run.

    Parameters
    ----------
    preload
        Modules, and the names imported from them, to import before kernels are forked.
        ``None``: fork nothing, every kernel is an ordinary new process. So it is where
        forking a process that has imported libraries is not safe.
    root
        The project: modules of it are never imported here.
    """

    def __init__(self, preload: Modules | None, root: Path | None = None) -> None:
        self._preload = preload if sys.platform == "linux" else None
        self._root = str(root) if root else None
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.closed = False

    def __enter__(self) -> KernelServer:
        """Start the server; it imports while the caller goes on."""
        self.folder = _private_folder()
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the server and every kernel."""
        self.close()

    @property
    def address(self) -> str:
        """Give the socket's path, once the server has imported all.

        A server that an import has killed is replaced by one that imports nothing.
        """
        with self._lock:
            if self._process is not None and not self._answers():
                _end(self._process)
                self._preload = None
                self._start()
        return str(self.folder / "server")

    def kernel_path(self) -> Path:
        """Name the files of one more kernel: a path without suffix in the private folder."""
        return self.folder / f"k{next(self._numbers)}"

    def close(self) -> None:
        """Kill all kernels and end the server; may be called from any thread, and twice."""
        with self._lock:
            self.closed = True
            process, self._process = self._process, None
        if process is not None:
            _end(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.folder / "server"))
                connection.shutdown(socket.SHUT_WR)
                return connection.recv(1) == b""  # it takes a client, and lets it go
        except OSError:
            return False

    def _start(self) -> None:
        address = self.folder / "server"
        plan = self.folder / "modules.json"
        plan.write_text(json.dumps({"root": self._root, "modules": self._preload}))
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self.folder / "log").open("wb") as log:
            listener.bind(str(address))
            listener.listen(128)
            number = listener.fileno()
            script = Path(__file__).with_name("zygote.py")
            self._process = subprocess.Popen(
                [sys.executable, str(script), str(number), str(plan)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=kernel_environment(),
                pass_fds=[number],
                start_new_session=True,  # Ctrl-C reaches the owner, who decides
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    with process:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:  # stuck in an import: no kernel was started yet
            process.kill()


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="analysis-"))
    if len(str(folder)) > LONGEST_FOLDER:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="analysis-", dir="/tmp"))
    return folder.resolve()
