"""Whether a request carries a key that is known."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from pathlib import Path

from analysis.service.keys.store import Key, hashed, parse_keys
from analysis.service.refusing import RefusedError, refused

_log = logging.getLogger("analysis.service")
_HEADER = ("header", "x-api-key")


class Guard:
    """Asks for a key. The file is read with each request, so that a key that is removed is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content: bytes | None = None
        self._keys: tuple[Key, ...] = ()

    def check(self, headers: Mapping[bytes, bytes]) -> str:
        """Give the name of the key that is sent; ``headers`` have names in lower case.

        Raises
        ------
        RefusedError
            There is none, or it is not known.
        """
        sent = _sent(headers)
        if not sent:
            raise _unknown("send your key in the header X-API-Key", "missing")
        digest = hashed(sent)
        found = None
        # All are compared, so that the time tells nothing.
        for key in self._known():
            if hmac.compare_digest(key.sha256, digest):
                found = key.name
        if found is None:
            raise _unknown("this key is not known", "key")
        return found

    def _known(self) -> tuple[Key, ...]:
        try:
            content = self._path.read_bytes()
            if content != self._content:
                self._keys = parse_keys(content)
                self._content = content
        except (OSError, ValueError):
            # Without a file that can be read nobody is known.
            _log.error("the file of API keys cannot be read: no key is accepted")
            self._keys, self._content = (), None
        return self._keys


def _sent(headers: Mapping[bytes, bytes]) -> str:
    plain = headers.get(b"x-api-key", b"")
    if not plain:
        scheme, _, rest = headers.get(b"authorization", b"").partition(b" ")
        plain = rest if scheme.lower() == b"bearer" else b""
    return plain.strip().decode("latin-1")


def _unknown(msg: str, type_: str) -> RefusedError:
    return refused(401, type_, msg, _HEADER, WWW_Authenticate="Bearer")
