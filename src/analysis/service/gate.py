"""What each request passes first: its id, its key, and whether there is room for it."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from analysis.service.keys.guard import Guard
from analysis.service.limits import Limits
from analysis.service.refusing import RefusedError, Refusing, busy, refused
from analysis.service.responses import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_log = logging.getLogger("analysis.service")
# What answers as long as the server lives, to whomever asks.
_OPEN = "/ping"
# What is logged, also if it gets no prediction.
_LOGGED = ("/predict", "/predict/by-key")
# Notes that a request, which came at a moment of `time.perf_counter`, was refused here.
Note = Callable[[str, float, Refusing], None]


class Gate:
    """Stands before the application; ``guard`` is there if keys are asked for.

    ``note`` has requests logged that do not come so far that the application could. Those without
    a known key are not: whoever has none is to write nothing on the disk. What goes wrong behind
    it is answered with the id of the request, and told in the server's own log only.
    """

    def __init__(self, app: ASGIApp, limits: Limits, guard: Guard | None, note: Note) -> None:
        self._app, self._limits, self._guard, self._note = app, limits, guard, note
        self._inside = 0
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it."""
        if scope["type"] != "http" or scope["path"] == _OPEN:
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        request = state["request"] = uuid.uuid4().hex
        state["started"] = time.perf_counter()
        noted = _Noted(send, request)
        try:
            if self._guard:
                self._guard.check(dict(scope["headers"]))
            await self._enter(scope, receive, noted)
        except RefusedError as error:
            if noted.began:  # to somebody who reads too slowly; the connection is closed
                return
            await refusal(error.refusing, request)(scope, receive, noted)
        except ClientDisconnect:
            return  # nobody is left to be answered
        except Exception:
            _log.exception("request %s failed", request)
            if noted.began:
                raise
            failed = refused(500, "server", "the server failed; its log says why", ("server",))
            await refusal(failed.refusing, request)(scope, receive, noted)

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside >= self._limits.concurrency:
            raise self._with_note(scope, busy("too many requests are worked on"))
        self._inside += 1
        size = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal size
            message = await receive()
            came = len(message.get("body", b""))
            # As many bodies as there may be requests would be more than there is memory.
            if self._bytes + came > self._limits.held:
                raise busy("too many bytes are held")
            size, self._bytes = size + came, self._bytes + came
            return message

        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._app(scope, counted, send)
        except TimeoutError:
            raise self._with_note(scope, _too_slow(self._limits.seconds)) from None
        finally:
            self._inside -= 1
            self._bytes -= size

    def _with_note(self, scope: Scope, error: RefusedError) -> RefusedError:
        if scope["path"] in _LOGGED:
            state = scope["state"]
            self._note(state["request"], state["started"], error.refusing)
        return error


def _too_slow(seconds: float) -> RefusedError:
    return refused(
        503, "timeout", f"this took longer than {seconds:g} seconds", ("server",),
        Retry_After="1", Connection="close",
    )  # fmt: skip


class _Noted:
    """Sends an answer with the id of its request, and knows whether it has begun."""

    def __init__(self, send: Send, request: str) -> None:
        self._send, self._id = send, request.encode()
        self.began = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.began = True
            message["headers"] = [*message["headers"], (b"x-request-id", self._id)]
        await self._send(message)
