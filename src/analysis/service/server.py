"""Running the application: one process, one event loop."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from analysis.errors import ModelError
from analysis.service.connections import Connection

if TYPE_CHECKING:
    from fastapi import FastAPI

# How long requests that have begun may take when the server is told to end.
_DRAIN_SECONDS = 30


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Write it as a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def bound(host: str, port: int) -> socket.socket:
    """Take the port, before anything else is done; port 0 takes one that is free.

    Raises
    ------
    ModelError
        It is taken, or there is no such host.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
        except BaseException:
            listener.close()
            raise
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ModelError(
            f"the server cannot listen on {Address(host, port).url}: {reason}",
            hint="choose another one: --port 8001",
        ) from None
    return listener


def address_of(listener: socket.socket) -> Address:
    """Say where a socket listens."""
    host, port = listener.getsockname()[:2]
    return Address(host, port)


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches ``host``; what cannot be resolved is not loopback."""
    import ipaddress

    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(each[4][0])).is_loopback for each in found)


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serve until the process is told to end; what has begun is answered."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Connection,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
    )
    # What is loaded stays: looking through it for what is not used would hold up requests.
    gc.collect()
    gc.freeze()
    try:
        _Server(config).run([listener])
    finally:
        gc.unfreeze()


class _Server(uvicorn.Server):
    """A server that ends with 0 when it is told to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals; uvicorn would raise them again at the end."""
        before: dict[signal.Signals, Any] = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, self._end)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.handle_exit(number, frame)
