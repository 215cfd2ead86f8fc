"""Requests over several connections that are kept open, as fast as a server answers them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """A whole answer to the request ``number``; ``headers`` have small names."""

    number: int
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def request(self) -> str:
        """Give the id under which it is logged."""
        return self.headers["x-request-id"]

    @property
    def told(self) -> Any:
        """Read its JSON."""
        return json.loads(self.body)


@dataclass
class Load:
    """What is asked, over how many connections, and until when: ``enough`` is told all answers.

    ``broken`` counts requests that got no whole answer.
    """

    url: str
    body: Callable[[int], object]
    connections: int = 8
    enough: Callable[[list[Answer]], bool] = lambda answers: False
    path: str = "/predict"
    answers: list[Answer] = field(default_factory=list)
    broken: int = 0
    asked: int = 0

    def run(self) -> list[Answer]:
        """Ask until it is enough, or the server is gone."""
        asyncio.run(self._all())
        return self.answers

    async def _all(self) -> None:
        await asyncio.gather(*(self._one() for _ in range(self.connections)))

    async def _one(self) -> None:
        place = urlsplit(self.url)
        try:
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
        except OSError:
            return
        with contextlib.closing(writer):
            while not self.enough(self.answers):
                self.asked += 1
                try:
                    self.answers.append(await self._ask(reader, writer, self.asked))
                except (OSError, asyncio.IncompleteReadError):
                    self.broken += 1
                    return

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> Answer:
        content = json.dumps(self.body(number)).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        begun = time.perf_counter()
        writer.write(head.encode() + content)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        seconds = time.perf_counter() - begun
        return Answer(number, int(first.split()[1]), headers, body, seconds)
