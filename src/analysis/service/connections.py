"""Connections whose sender is too slow, or never comes to the end of the headers."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# A head is a few hundred bytes, and comes at once.
HEAD_BYTES = 65_536
HEAD_SECONDS = 10.0
# What comes of a body that was answered already is thrown away for so long.
REST_SECONDS = 30.0


class Connection(HttpToolsProtocol):
    """A connection that is closed where the head of a request is too long or too slow."""

    _timer: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the head is whole."""
        if self._head >= 0:
            self._head += len(data)
        super().data_received(data)
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """Wait for the head of a request."""
        super().on_message_begin()
        self._wait(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        """The head is there: the body has the limits of the application."""
        self._stop()
        self._head = -1
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Count anew for the next request."""
        self._stop()
        self._head = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Throw away what is left of the body, for some time."""
        super().on_response_complete()
        if self._head < 0:
            self._wait(REST_SECONDS)

    def timeout_keep_alive_handler(self) -> None:
        """Leave a connection open on which the rest of a body comes; the timer ends it."""
        if self._head == 0:
            super().timeout_keep_alive_handler()

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._end)

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
