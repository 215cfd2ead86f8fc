"""The process that kernels are forked from; it runs as a script and imports nothing of ours.

``zygote.py LISTENER PLAN [WITHOUT...]``: ``LISTENER`` is the inherited descriptor of a listening
Unix socket, ``PLAN`` a JSON file: ``modules``, ``[[module, [name, ...]], ...]``, are imported
first, or ``null``: fork no kernel but start each as a new process; ``root`` is the project's, none
of whose modules is imported.

Each connection is one kernel and lives as long as it does. Lines of JSON go both ways:
``{"argv", "cwd", "env", "log"}`` starts the kernel, ``{"signal": n}`` goes to its process group;
back come ``{"pid"}`` and, when it ended, ``{"exit"}``: negative for a signal. When a connection
closes, its kernel is killed; when standard input closes, all are, and this process ends.

Long because it is one script that may import nothing of ours.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import runpy
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, NoReturn

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
SECONDS_FOR_ONE_IMPORT = 30
LAUNCHER = ["-m", "ipykernel_launcher"]
# What a kernel imports while it starts, beyond `ipykernel.kernelapp` itself.
KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "IPython.extensions.storemagic",
    "IPython.core.completerlib",
    "sqlite3",
)


class Unfit(Exception):
    """Importing a module in advance would show: it starts threads, prints, warns, hangs or brings
    in modules of the project, which pages must import themselves.
    """


def import_all(
    modules: list[tuple[str, list[str]]], without: set[str], root: str | None
) -> frozenset[str]:
    """Import ``modules``, none below ``root``, and give the top-level names that this brought in.

    Raises
    ------
    Unfit
        Named by the module that must be left to the kernels themselves.
    """
    # Matplotlib reads its backend when it is imported; this is what a kernel would set.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in KERNEL_MODULES:
        _import(name, [])
    before = set(sys.modules)
    signal.signal(signal.SIGALRM, _too_slow)
    for name, members in modules:
        if name in without:
            continue
        written = os.fstat(1).st_size
        signal.alarm(SECONDS_FOR_ONE_IMPORT)
        try:
            shown = _import(name, members)
        except Unfit:
            raise Unfit(name) from None
        finally:
            signal.alarm(0)
        is_quiet = not shown and os.fstat(1).st_size == written
        if not is_quiet or not _can_fork() or _has_imported_from(root):
            raise Unfit(name)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return frozenset(name.partition(".")[0] for name in sys.modules.keys() - before)


def _too_slow(*_: object) -> NoReturn:
    raise Unfit


def _import(name: str, members: list[str]) -> bool:
    """Import and say whether a warning would have been shown; a failure is the page's to find."""
    shown: list[object] = []
    # `catch_warnings` would also undo the filters that the module sets for good.
    ordinary, warnings.showwarning = warnings.showwarning, lambda *a, **_: shown.append(a)
    try:
        __import__(name, fromlist=members)
    except Unfit:
        raise
    except BaseException:
        pass
    finally:
        warnings.showwarning = ordinary
        sys.stdout.flush()
        sys.stderr.flush()
    return bool(shown)


def _can_fork() -> bool:
    threads = len(os.listdir("/proc/self/task")) if LINUX else threading.active_count()  # noqa: PTH208
    # The inline backend attaches itself to the shell that runs while it is imported.
    return threads == 1 and "matplotlib_inline.backend_inline" not in sys.modules


def _has_imported_from(root: str | None) -> bool:
    if root is None:
        return False
    modules = [module for name, module in sys.modules.items() if name != "__main__"]
    files = (str(getattr(module, "__file__", None)) for module in modules)
    return any(file.startswith(root + os.sep) and "site-packages" not in file for file in files)


class Zygote:
    """Serve connections, one a kernel, in one thread."""

    def __init__(self, listener: socket.socket, preloaded: frozenset[str] | None) -> None:
        self.listener = listener
        self.preloaded = preloaded
        self.selector = selectors.DefaultSelector()
        self.kernels: dict[int, socket.socket] = {}
        self.buffers: dict[socket.socket, bytes] = {}
        self.child_died, self.wakeup = socket.socketpair()
        self.child_died.setblocking(False)
        self.wakeup.setblocking(False)

    def serve(self) -> None:
        """Answer until standard input closes."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wakeup.fileno())
        self.selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.child_died, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fd == sys.stdin.fileno():
                    return
                if key.fileobj is self.listener:
                    self._accept()
                elif key.fileobj is self.child_died:
                    self._reap()
                elif key.fileobj in self.buffers:
                    self._receive(key.fileobj)

    def close(self) -> None:
        """Kill every kernel, and wait until they are gone."""
        for pid in self.kernels:
            _signal_group(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        self.buffers[connection] = b""
        self.selector.register(connection, selectors.EVENT_READ)

    def _receive(self, connection: socket.socket) -> None:
        try:
            data = connection.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            self._signal(connection, signal.SIGKILL)
            self._forget(connection)
            return
        *lines, self.buffers[connection] = (self.buffers[connection] + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "signal" in message:
                self._signal(connection, message["signal"])
            else:
                self._start(connection, message)

    def _signal(self, connection: socket.socket, number: int) -> None:
        for pid, owner in self.kernels.items():
            if owner is connection:
                _signal_group(pid, number)

    def _forget(self, connection: socket.socket) -> None:
        if connection in self.buffers:
            del self.buffers[connection]
            self.selector.unregister(connection)
            connection.close()

    def _start(self, connection: socket.socket, request: dict[str, Any]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_kernel(request, parent)
        self.kernels[pid] = connection
        _send(connection, {"pid": pid})

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.child_died.recv(1024):
                pass
        while self.kernels:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if not ended:
                return
            _signal_group(ended, signal.SIGKILL)  # the processes that it started
            if connection := self.kernels.pop(ended, None):
                _send(connection, {"exit": os.waitstatus_to_exitcode(status)})
                self._forget(connection)

    def _become_kernel(self, request: dict[str, Any], parent: int) -> NoReturn:
        try:
            self._leave_the_server(parent)
            _settle(request)
            argv = request["argv"]
            if self.preloaded is None or not _may_fork(argv, self.preloaded):
                os.execve(argv[0], argv, request["env"])
            _run_kernel(argv)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1)

    def _leave_the_server(self, parent: int) -> None:
        os.setsid()
        if LINUX:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.selector.close()
        for inherited in (self.listener, self.child_died, self.wakeup, *self.buffers):
            inherited.close()


def _send(connection: socket.socket, message: dict[str, int]) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(message).encode() + b"\n")


def _signal_group(pid: int, number: int) -> None:
    # macOS refuses when only the dead leader is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        try:
            os.killpg(pid, number)
        except ProcessLookupError:  # it is so young that it has no group of its own yet
            os.kill(pid, number)


def _settle(request: dict[str, Any]) -> None:
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(log)


def _may_fork(argv: list[str], preloaded: frozenset[str]) -> bool:
    """Say whether this process can serve for ``argv``, started in the current folder."""
    if argv[0] != sys.executable or argv[1:3] != LAUNCHER:
        return False
    here = os.listdir()  # noqa: PTH208
    modules = {name.removesuffix(".py") for name in here if name.endswith(".py")}
    modules |= {name for name in here if Path(name, "__init__.py").is_file()}
    # Modules beside the document go before installed ones, as does Matplotlib's own file.
    return not (modules & preloaded or ("matplotlib" in preloaded and "matplotlibrc" in here))


def _run_kernel(argv: list[str]) -> None:
    if random := sys.modules.get("numpy.random"):
        random.seed()  # the standard library's generator sees to itself
    sys.path.insert(0, str(Path.cwd()))  # as `python -m` does; the launcher takes it off again
    sys.argv = argv[2:]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


def main() -> None:
    """Import, and serve; start anew without a module that cannot be imported in advance."""
    descriptor, plan, *without = sys.argv[1:]
    del sys.path[0]  # the folder of this file
    listener = socket.socket(fileno=int(descriptor))
    listener.set_inheritable(False)
    work = json.loads(Path(plan).read_text())
    modules = work["modules"]
    try:
        preloaded = None if modules is None else import_all(modules, set(without), work["root"])
    except Unfit as unfit:
        listener.set_inheritable(True)
        os.execv(sys.executable, [sys.executable, *sys.argv, str(unfit)])
    gc.collect()
    gc.freeze()  # keeps the collector of the children from copying shared pages
    zygote = Zygote(listener, preloaded)
    try:
        zygote.serve()
    finally:
        zygote.close()
    # The owner removes its folder too, unless it was killed.
    shutil.rmtree(Path(plan).parent, ignore_errors=True)


if __name__ == "__main__":
    main()
