"""Who may ask: keys are hashed, looked up at once, and needed beyond the machine."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.service.keys.store import read_keys
from tests.helpers.projects import analysis
from tests.helpers.serving import ROW, Server, serving
from tests.service.conftest import project_of


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with the keys of two."""
    root = project_of(tmp_path_factory.mktemp("keyed") / "project")
    for name in ("reports", "partner"):
        made = analysis(root, "serve", "key", "add", name)
        assert made.code == 0, made.err
        (root / name).write_text(made.out.strip())
    return root


@pytest.fixture(scope="module")
def open_to_all(keyed: Path) -> Iterator[Server]:
    """Give a server that listens beyond the machine."""
    with serving(keyed, "--host", "0.0.0.0") as running:
        yield running


def test_key_is_kept_hashed(keyed: Path) -> None:
    """The file has names and hashes, and only its owner reads it."""
    path = keyed / ".analysis/keys.json"
    key = (keyed / "reports").read_text()
    assert len(key) >= 43
    assert key not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = analysis(keyed, "serve", "key", "list", "--json")
    assert [one["name"] for one in json.loads(listed.out)] == ["reports", "partner"]
    assert "sha256" not in listed.out
    assert "reports" in analysis(keyed, "serve", "key", "list").out


@pytest.mark.parametrize("path", ["/metadata", "/prototype", "/docs", "/openapi.json", "/", "/no"])
def test_all_is_closed(open_to_all: Server, keyed: Path, path: str) -> None:
    """Without a key nothing is told, not even which paths there are."""
    refused = open_to_all.get(path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "late-flights" not in refused.text
    key = (keyed / "reports").read_text()
    assert open_to_all.get(path, headers={"x-api-key": key}).status_code != 401


def test_ping_is_open(open_to_all: Server) -> None:
    """Whether the server lives is told to everybody."""
    assert open_to_all.get("/ping").json() == {"ping": "pong"}


def test_both_headers(open_to_all: Server, keyed: Path) -> None:
    """Each key works in both headers, and nothing that is only like one."""
    for name in ("reports", "partner"):
        key = (keyed / name).read_text()
        for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
            assert open_to_all.post([ROW], headers=headers).status_code == 200
        hashed = json.loads((keyed / ".analysis/keys.json").read_text())["keys"][0]["sha256"]
        for wrong in (key[:-1], key + "x", key.swapcase(), hashed, "ä", "x" * 5000):
            headers = {"x-api-key": wrong.encode()}  # type: ignore[dict-item]
            assert open_to_all.post([ROW], headers=headers).status_code == 401
    assert open_to_all.post([ROW], headers={"authorization": f"Basic {key}"}).status_code == 401


def test_docs_say_so(open_to_all: Server, keyed: Path) -> None:
    """The description says that a key is needed."""
    headers = {"x-api-key": (keyed / "reports").read_text()}
    told = open_to_all.get("/openapi.json", headers=headers).json()
    assert told["components"]["securitySchemes"]["key"]["name"] == "X-API-Key"
    assert told["paths"]["/ping"]["get"]["security"] == []
    assert "X-API-Key: $KEY" in open_to_all.get("/docs", headers=headers).text


def test_removed_key_is_gone_at_once(tmp_path: Path) -> None:
    """A server that runs refuses a key from its removal on, and takes a new one."""
    root = project_of(tmp_path / "project")
    path = str(tmp_path / "elsewhere" / "keys.json")
    first = analysis(root, "serve", "key", "add", "first", ANALYSIS_KEYS=path).out.strip()
    with serving(root, "--require-key", ANALYSIS_KEYS=path) as server:
        assert server.post([ROW]).status_code == 401
        assert server.post([ROW], headers={"x-api-key": first}).status_code == 200
        assert analysis(root, "serve", "key", "remove", "first", ANALYSIS_KEYS=path).code == 0
        assert server.post([ROW], headers={"x-api-key": first}).status_code == 401
        other = analysis(root, "serve", "key", "add", "other", ANALYSIS_KEYS=path).out.strip()
        assert server.post([ROW], headers={"x-api-key": other}).status_code == 200
        Path(path).write_text("no keys")
        assert server.post([ROW], headers={"x-api-key": other}).status_code == 401
    assert not (root / ".analysis/keys.json").exists()


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--require-key",)])
def test_no_keys_no_server(root: Path, options: tuple[str, ...]) -> None:
    """Where keys are needed and nobody has one, nothing is served."""
    done = analysis(root, "serve", "model", "late-flights", "--port", "0", *options)
    assert done.code == 2
    assert "nobody has a key" in done.err
    assert "analysis serve key add" in done.err


def test_mistakes(keyed: Path) -> None:
    """A name that is taken, unknown or strange is told."""
    for arguments, told in (
        (("add", "reports"), "already"),
        (("add", "../x"), "cannot name a key"),
        (("remove", "nobody"), "there are reports, partner"),
    ):
        done = analysis(keyed, "serve", "key", *arguments)
        assert done.code == 2
        assert told in done.err
        assert "Traceback" not in done.err


def test_keys_that_are_added_at_once(tmp_path: Path) -> None:
    """None is lost, whoever comes first."""
    path = tmp_path / "keys.json"
    script = (
        "import sys; from pathlib import Path; from analysis.service.keys.store import add_key\n"
        "for n in range(40): add_key(Path(sys.argv[1]), f'{sys.argv[2]}{n}')"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b")
    ]
    assert [process.wait(60) for process in processes] == [0, 0]
    names = sorted(f"{name}{n}" for name in "ab" for n in range(40))
    assert sorted(key.name for key in read_keys(path)) == names
