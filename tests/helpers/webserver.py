"""A web server on this machine, whose every answer a test decides, and which remembers requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What there is by path, with which headers, and what was asked for, as ``GET /path``."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    # So many bytes are sent before the connection is dropped.
    drop_after: int | None = None
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Give the address of the server."""
        return f"http://127.0.0.1:{self.port}"

    def gets(self) -> int:
        """Count the downloads."""
        return sum(request.startswith("GET") for request in self.requests)


@contextmanager
def serve() -> Iterator[Site]:
    """Run a server until the end of the block."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(b"")

        def do_GET(self) -> None:
            content = site.files.get(self.path.partition("?")[0], b"")
            self._answer(content if site.drop_after is None else content[: site.drop_after])

        def _answer(self, body: bytes) -> None:
            site.requests.append(f"{self.command} {self.path}")
            content = site.files.get(self.path.partition("?")[0])
            self.send_response(site.status if content is not None else 404)
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(body)
            if site.drop_after is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
