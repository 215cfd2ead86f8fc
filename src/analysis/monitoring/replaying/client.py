"""Asking a server, and coming again when it says so."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis.errors import ModelError

_SECONDS = 120.0
# A server that has too much to do is asked again so often, after what it says, or these seconds.
_ATTEMPTS, _PAUSE, _LONGEST_PAUSE = 20, 1.0, 30.0
_BUSY = (429, 503)


@dataclass(frozen=True)
class Answer:
    """What a server says; ``content`` is ``None`` if that is no JSON."""

    status: int
    content: Any
    retry_after: float | None = None


class Client:
    """Asks the server at ``url``, with a key if it wants one."""

    def __init__(
        self, url: str, key: str | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ModelError(
                f"`{url}` is no address of a server", hint="it begins with http:// or https://"
            )
        self.url = url.rstrip("/")
        self._key, self._sleep = key, sleep
        # What runs on this machine is not asked for by way of a proxy.
        here = urllib.parse.urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost")
        self._opener = urllib.request.build_opener(
            *([urllib.request.ProxyHandler({})] if here else [])
        )

    def ask(self, path: str, content: Any = None) -> Answer:
        """Get ``path``, or post ``content`` to it.

        Raises
        ------
        ModelError
            There is no answer, or the server had too much to do each time.
        """
        for _ in range(_ATTEMPTS):
            answer = self._once(path, content)
            if answer.status not in _BUSY:
                return answer
            self._sleep(min(answer.retry_after or _PAUSE, _LONGEST_PAUSE))
        raise ModelError(
            f"the server has too much to do: {said(answer)}",
            hint="send fewer rows at once, `--batch 100`, or try again later: it goes on there",
        )

    def _once(self, path: str, content: Any) -> Answer:
        body = None if content is None else json.dumps(content, allow_nan=False).encode()
        request = urllib.request.Request(self.url + path, body)
        request.add_header("Content-Type", "application/json")
        if self._key:
            # It is not sent on to where a server may point.
            request.add_unredirected_header("X-API-Key", self._key)
        try:
            with self._opener.open(request, timeout=_SECONDS) as found:
                return Answer(found.status, _json(found.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _json(error.read()), _seconds(error.headers))
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise ModelError(
                f"the server at {self.url} gives no answer: {reason}",
                hint="see that it runs, and start the command again: it goes on where it stopped",
            ) from None


def said(answer: Answer) -> str:
    """Write what a server says of a request that it refuses."""
    details = details_of(answer)
    told = str(details[0].get("msg")) if details else "it does not say why"
    return f"{told} (status {answer.status})"


def details_of(answer: Answer) -> list[dict[str, Any]]:
    """Give what a refusal lists."""
    found = answer.content.get("detail") if isinstance(answer.content, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _seconds(headers: Any) -> float | None:
    try:
        return max(0.0, float(headers.get("Retry-After", "")))
    except ValueError:
        return None
