"""Starting and ending: what is wrong is told before anything is served."""

from __future__ import annotations

import gc
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from analysis.errors import ModelError
from analysis.service.server import bound
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import analysis, write_project
from tests.helpers.serving import ROW, Server, serving
from tests.service.conftest import project_of


def test_says_what_it_serves(server: Server) -> None:
    """One line has the address, the version, its stage, and the limits."""
    assert server.line.startswith("serving  late-flights@1 (champion) on http://127.0.0.1:")
    assert "32 MB and 50000 rows a request, 30 s, 256 at once" in server.line


def test_ends_when_told(root: Path) -> None:
    """SIGTERM ends it with 0, after what has begun was answered, and nothing is on its lips."""
    with serving(root) as server, ThreadPoolExecutor(8) as pool:
        rows = [ROW] * 5000
        begun = [pool.submit(server.post, rows) for _ in range(4)]
        begun[0].result()
        code, errors = server.end()
        assert (code, errors) == (0, "")
        for one in begun:
            if one.exception() is None:  # the others had not begun
                assert len(one.result().json()["predict"]) == 5000


def test_no_socket_is_left_open_where_a_port_is_taken() -> None:
    """It is closed at once, and not some time later, with a warning."""
    with closing(bound("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ModelError, match="in use"):
            bound("127.0.0.1", port)
        gc.collect()


def test_port_is_taken(root: Path) -> None:
    """A port that is taken is told, and which one."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = analysis(root, "serve", "model", "late-flights", "--port", port)
    assert done.code == 2
    assert f"cannot listen on http://127.0.0.1:{port}" in done.err
    assert "--port" in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nobody",), "there is no model `nobody`"),
        (("late-flights@7",), "late-flights"),
        (("late-flights", "--stage", "campion"), "did you mean `champion`?"),
        (("late-flights", "--stage", "challenger"), "no version of `late-flights` is challenger"),
        (("late-flights", "--out-of-range", "maybe"), "refuse, allow"),
        (("late-flights", "--host", "no.such.host.invalid", "--require-key"), "nobody has a key"),
        (("late-flights", "--challenger", "0.5", "--shadow"), "exclude each other"),
    ],
)
def test_mistakes(root: Path, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be served is told, with exit code 2 and no traceback."""
    done = analysis(root, "serve", "model", *arguments, "--port", "0")
    assert done.code == 2
    assert told in done.err
    assert "Traceback" not in done.err


def test_damaged_version_is_not_served(tmp_path: Path) -> None:
    """A model whose bytes are others than those that were promoted is not even loaded."""
    root = project_of(tmp_path)
    (file,) = (root / "data/models").rglob("model.skops")
    file.write_bytes(file.read_bytes() + b"x")
    done = analysis(root, "serve", "model", "late-flights", "--port", "0")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_one_version(tmp_path: Path) -> None:
    """A version by number is served whatever its stage; of the stage, the one that has it."""
    root = write_project(tmp_path, {})
    stage(root, add_bundle(root), "champion")
    add_bundle(root, seed=2)
    with serving(root, name="late-flights@2") as server:
        assert "late-flights@2 (candidate)" in server.line
        assert server.post([ROW]).headers["x-model-arm"] == "candidate"
    with serving(root, "--stage", "candidate") as server:
        assert server.post([ROW]).headers["x-model-version"] == "2"


def test_out_of_range_may_be_allowed(root: Path) -> None:
    """Numbers beyond those of the training rows are taken if they are let in."""
    with serving(root, "--out-of-range", "allow") as server:
        assert server.post([{**ROW, "wind": 61.0}]).status_code == 200
        assert server.post([{**ROW, "wind": "x"}]).status_code == 422
        record = server.get("/openapi.json").json()["components"]["schemas"]["Record"]
        assert "maximum" not in record["properties"]["wind"]


def test_extra_is_missing(root: Path, tmp_path: Path) -> None:
    """Without the extra the command says what to install."""
    import subprocess

    hidden = tmp_path / "uvloop.py"
    hidden.write_text("raise ImportError('hidden', name='uvloop')\n")
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from analysis.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), "serve", "model", "late-flights"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "`uvloop` is not installed" in done.stderr
    assert "analysis[serve]" in done.stderr
