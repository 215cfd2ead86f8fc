"""A server of one bundle for a trial: on this machine, without a log, gone with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from analysis.errors import ModelError
from analysis.project import find_project
from analysis.service.app import create_app
from analysis.service.limits import Limits
from analysis.service.logged import NoLog
from analysis.service.server import address_of, bound, run
from analysis.service.serving import Arm, Held, Serving

START_SECONDS = 60.0


@contextmanager
def trial_server(root: Path, folder: Path) -> Iterator[Callable[[], str]]:
    """Serve the bundle in ``folder`` from a process of its own; give what waits for its address.

    That raises ModelError if the server does not start. Values beyond those of training are taken.
    """
    with closing(bound("127.0.0.1", 0)) as listener, TemporaryFile() as said:
        url = address_of(listener).url
        place = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(root), str(folder), str(place)],
            stdin=subprocess.PIPE,  # its end is seen, also if this process is killed
            stdout=said,
            stderr=subprocess.STDOUT,
            pass_fds=(place,),
        )
        try:
            yield partial(_wait, process, url, said)
        finally:
            process.kill()
            process.communicate()


def _wait(process: subprocess.Popen[bytes], url: str, said: IO[bytes]) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            # It is queued until the server is there, as the socket listens already.
            opener.open(f"{url}/ping", timeout=1).close()
            return url
        except (urllib.error.URLError, OSError):
            continue
    said.seek(0)
    last = said.read().decode(errors="replace").strip().splitlines()[-1:]
    raise ModelError(f"the server did not start: {''.join(last) or 'it says nothing'}")


def _serve(root: Path, folder: Path, place: int) -> None:
    import socket

    from analysis.models.predicting.predictor import open_predictor

    project = find_project(root)
    predictor = open_predictor(folder, project)
    arm = Arm("trial", folder.name, 0, "candidate", predictor)
    held = Held(Serving(predictor.bundle.model, (arm,)))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = create_app(project, held, NoLog(), Limits(), anywhere=True)
    run(app, socket.socket(fileno=place))


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
