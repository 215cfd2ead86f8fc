"""Beyond its limits the server refuses at once, and goes on with others."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.helpers.serving import ROW, Server, serving

HEAD = "POST /predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"


def connect(server: Server) -> socket.socket:
    """Open a connection of one's own."""
    port = urlsplit(server.url).port
    assert port
    return socket.create_connection(("127.0.0.1", port), timeout=40)


def test_large_body_by_its_length(server: Server) -> None:
    """A body of 100 MB is refused before it is sent."""
    with closing(connect(server)) as sock:
        sock.sendall(f"{HEAD}Content-Length: 100000000\r\n\r\n".encode())
        answer = sock.recv(65536)
        if b"too_large" not in answer:  # the body may come by itself
            answer += sock.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"too_large" in answer


def test_large_body_in_chunks(small: Server) -> None:
    """A body without a length is refused when too much of it has come."""
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(3000):
            sent += 10_000
            yield b" " * 10_000

    response = httpx.post(
        f"{small.url}/predict", content=chunks(), headers={"content-type": "application/json"}
    )
    assert response.status_code == 413
    assert response.json()["detail"][0]["msg"] == "the body is larger than 0.1 MB"
    assert small.post([ROW]).status_code == 200


def test_many_rows(small: Server) -> None:
    """More rows than are allowed are refused in any form."""
    rows = [ROW] * 51
    assert small.post(rows).status_code == 413
    lines = "\n".join(json.dumps(row) for row in rows)
    assert small.send(lines.encode(), "application/x-ndjson").status_code == 413
    assert small.post(rows[:50]).status_code == 200


def test_slow_body(small: Server, root: Path) -> None:
    """A body that does not come is not waited for."""
    with closing(connect(small)) as sock:
        sock.sendall(f"{HEAD}Content-Length: 50\r\n\r\n[".encode())
        assert small.post([ROW]).status_code == 200
        answer = b"".join(iter(lambda: sock.recv(65536), b""))  # until it is closed
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"retry-after: 1" in answer
    assert "timeout" in _refusals(root)


def test_slow_head(server: Server) -> None:
    """A request whose head does not come to an end is given up."""
    with closing(connect(server)) as sock:
        sock.sendall(b"POST /predict HTTP/1.1\r\nHost:")
        assert sock.recv(10) == b""


def test_endless_head(server: Server) -> None:
    """A head without an end is refused."""
    with closing(connect(server)) as sock:
        sock.sendall(b"GET /ping HTTP/1.1\r\n")
        try:
            for place in range(3000):
                sock.sendall(f"X-{place}: {'x' * 60}\r\n".encode())
            answer = sock.recv(100)
        except ConnectionError:
            answer = b""
    assert not answer.startswith(b"HTTP/1.1 200")
    assert server.get("/ping").status_code == 200


def test_no_http(server: Server) -> None:
    """What is no HTTP is refused."""
    with closing(connect(server)) as sock:
        sock.sendall(b"\x16\x03\x01\x02\x00 hello \r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 400")


def test_too_many_at_once(root: Path) -> None:
    """More requests than are allowed are told to come again, at once; ping still answers."""
    with serving(root, "--concurrency", "3", "--timeout", "20") as server:
        held = [connect(server) for _ in range(3)]
        try:
            for sock in held:
                sock.sendall(f"{HEAD}Content-Length: 50\r\n\r\n[".encode())
            response = _until(server, 503)
            assert response.headers["retry-after"] == "1"
            assert response.json()["detail"][0]["type"] == "busy"
            assert server.get("/ping").status_code == 200
            assert server.get("/metadata").status_code == 503
        finally:
            for sock in held:
                sock.close()
        assert _until(server, 200).json()["predict"]
        assert "busy" in _refusals(root)


def test_too_many_bytes_at_once(root: Path) -> None:
    """Bodies of many requests together are no more than memory has room for."""
    with serving(root, "--max-body", "1", "--timeout", "20") as server:
        held = [connect(server) for _ in range(8)]
        try:
            for sock in held:
                sock.sendall(f"{HEAD}Content-Length: 1000000\r\n\r\n".encode() + b" " * 999_999)
            response = _until(server, 503)
            assert response.json()["detail"][0]["msg"] == "too many bytes are held"
            assert server.get("/metadata").status_code == 200
        finally:
            for sock in held:
                sock.close()
        assert _until(server, 200).json()["predict"]


def _refusals(root: Path) -> set[str]:
    """Give the kinds of refusals that are in the log, which is written a moment after them."""
    time.sleep(0.3)
    lines = [
        json.loads(line)
        for path in (root / "data/predictions/late-flights").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    refused = [line for line in lines if line.get("error")]
    assert all(line["row"] is None and line["latency_ms"] >= 0 for line in refused)
    return {line["error"]["type"] for line in refused}


def _until(server: Server, status: int) -> httpx.Response:
    end = time.monotonic() + 15
    while True:
        response = server.post([ROW])
        if response.status_code == status or time.monotonic() > end:
            assert response.status_code == status
            return response
        time.sleep(0.05)


def test_under_load_nothing_fails(server: Server) -> None:
    """Many at once are all answered with what is theirs."""
    alone = {hour: server.post([{**ROW, "hour": hour}]).json() for hour in range(24)}
    with httpx.Client(base_url=server.url, limits=httpx.Limits(max_connections=64)) as client:

        def ask(place: int) -> bool:
            rows = [{**ROW, "hour": place % 24}]
            found, expected = client.post("/predict", json=rows).json(), alone[place % 24]
            # The last digit depends on how many rows are predicted at once.
            return bool(
                found["predict"] == expected["predict"]
                and found["probability"] == pytest.approx(expected["probability"], abs=1e-12)
            )

        with ThreadPoolExecutor(48) as pool:
            assert all(pool.map(ask, range(1500)))


@pytest.mark.parametrize("body", [b"{", b""])
def test_who_goes_away(server: Server, body: bytes) -> None:
    """A client that goes away in the middle leaves nothing behind."""
    threads = []
    for _ in range(20):
        sock = connect(server)
        sock.sendall(f"{HEAD}Content-Length: 500\r\n\r\n".encode() + body)
        threads.append(threading.Thread(target=sock.close))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert server.post([ROW]).status_code == 200
