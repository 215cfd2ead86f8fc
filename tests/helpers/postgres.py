"""A real PostgreSQL server that a test run starts, uses and stops itself.

Any test can ask for the fixture ``postgres``. Where no server is installed, or it cannot start,
such tests are skipped with a message.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Where Debian's packages put the programs that users do not call.
PROGRAMS = "/usr/lib/postgresql"
USER = "analyst"
PASSWORD = "s3cret-of-the-tests"
START_SECONDS = 30.0
# The data lives as long as the tests: nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
}


class CannotStartError(Exception):
    """There is no server on this machine, or it does not start; the text says why."""


@dataclass(frozen=True)
class Postgres:
    """A server on the loopback address, which asks for a password."""

    port: int

    @property
    def url(self) -> str:
        """Give the address for SQLAlchemy, with the password in it."""
        return f"postgresql+psycopg://{USER}:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def connect(self) -> Any:
        """Connect with psycopg; every statement commits."""
        return self._connect("postgres")

    def _connect(self, database: str) -> Any:
        import psycopg

        url = self.url.replace("+psycopg", "").replace("/postgres", f"/{database}")
        return psycopg.connect(url, autocommit=True, connect_timeout=10)

    @contextmanager
    def database(self, name: str) -> Iterator[Any]:
        """Connect to a new, empty database, which is dropped at the end."""
        with self.connect() as main:
            main.execute(f'create database "{name}"')
            try:
                with self._connect(name) as connection:
                    yield connection
            finally:
                main.execute(f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a running server; skip where there can be none."""
    try:
        with run_server() as server:
            yield server
    except CannotStartError as error:
        pytest.skip(f"PostgreSQL cannot run here: {error}")


@contextmanager
def run_server() -> Iterator[Postgres]:
    """Start a server with its data in a temporary folder; stop it at the end.

    Raises
    ------
    CannotStartError
        It is not installed, or does not start.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="analysis-postgres-"))
    try:
        account = _account()
        if account:
            os.chown(folder, account["user"], account["group"])
        _make_cluster(programs, folder, account)
        yield from _serve(programs, folder, account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path(PROGRAMS).glob("*/bin/initdb"), key=lambda path: path.parts[-3])
    if not installed:
        raise CannotStartError("it is not installed (on Debian: the package `postgresql`)")
    return installed[-1].parent


def _account() -> dict[str, Any]:
    """Choose whom to run as: the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise CannotStartError("it does not run as root, and there is no user `postgres` or `nobody`")


def _make_cluster(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    command = [
        *(programs / "initdb", "--pgdata", folder / "data", "--username", USER),
        *("--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8"),
        *("--locale", "C", "--no-sync"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **account)
    password.unlink()
    if done.returncode:
        raise CannotStartError(f"initdb failed: {done.stderr.strip()[-300:]}")


def _serve(programs: Path, folder: Path, account: dict[str, Any]) -> Iterator[Postgres]:
    server = Postgres(_free_port())
    settings = [f"-c{name}={value}" for name, value in {**SETTINGS, "port": server.port}.items()]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *settings],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **account,
        )
    try:
        _wait(process, server, log)
        yield server
    finally:
        process.send_signal(2)  # a fast shutdown: it ends the sessions that are open
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], server: Postgres, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server.connect().close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise CannotStartError(f"the server did not start: {log.read_text()[-300:]}")
