"""Requests over connections that are kept open, as fast as a server answers; and their times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import uvloop


@dataclass(frozen=True)
class Taken:
    """Requests a second, and the times of each in seconds."""

    rate: float
    seconds: Sequence[float]

    @property
    def p99(self) -> float:
        """Give the time that one in a hundred takes longer than."""
        return float(np.quantile(self.seconds, 0.99))


def requests(bodies: Sequence[bytes], kind: str = "application/json") -> list[bytes]:
    """Write requests whole, so that no time goes into that."""
    return [
        b"POST /predict HTTP/1.1\r\nHost: here\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
        % (kind.encode(), len(body), body)
        for body in bodies
    ]


def load(url: str, asked: Sequence[bytes], connections: int, seconds: float) -> Taken:
    """Send requests over ``connections`` for so long, each after the answer to the one before."""
    return uvloop.run(_load(url, asked, connections, seconds))


async def _load(url: str, asked: Sequence[bytes], connections: int, seconds: float) -> Taken:
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    end = time.perf_counter() + seconds
    begun = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda first=first: _Asking(asked, first, end),  # type: ignore[misc]
            place.hostname,
            place.port,
        )
        for first in range(connections)
    ]
    taken = [value for _, one in made for value in await one.done]
    return Taken(len(taken) / (time.perf_counter() - begun), taken)


class _Asking(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, and sends the next."""

    def __init__(self, asked: Sequence[bytes], first: int, end: float) -> None:
        self.done: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()
        self._asked, self._next, self._end = asked, first, end
        self._taken: list[float] = []
        self._got, self._sent = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, separator, body = self._got.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        now = time.perf_counter()
        self._taken.append(now - self._sent)
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self._got.decode()))
        elif now < self._end:
            self._got = b""
            self._ask()
        else:
            self.done.set_result(self._taken)
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or RuntimeError("the server closed the connection"))

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._asked[self._next % len(self._asked)])  # type: ignore[attr-defined]
        self._next += 7


def _length(head: bytes) -> int:
    found = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
    return int(found)
