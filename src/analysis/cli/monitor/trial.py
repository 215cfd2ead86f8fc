"""A server for a replay: as ``analysis serve model`` starts one, and gone with its parent."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from analysis.errors import ModelError

_START_SECONDS, _END_SECONDS = 120.0, 60.0
_LISTENS = re.compile(r" on (http://\S+);")


@contextmanager
def serving(arguments: Sequence[str]) -> Iterator[str]:
    """Run ``analysis serve model`` with these arguments, on a free port; give its address.

    It logs what it predicts, as any server. At the end it answers what has begun.

    Raises
    ------
    ModelError
        It does not start; with what it says.
    """
    with TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, "serve", "model", *arguments, "--port", "0"],
            stdin=subprocess.PIPE,  # its end is seen, also if this process is killed
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        try:
            yield _address(process, said)
            process.terminate()
            process.wait(_END_SECONDS)
        finally:
            process.kill()
            process.communicate()


def _address(process: subprocess.Popen[str], said: IO[bytes]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
    found = _LISTENS.search(process.stdout.readline() if ready else "")
    if found:
        return found[1]
    process.kill()
    process.wait()
    said.seek(0)
    _, _, told = said.read().decode(errors="replace").rpartition("error: ")
    what, *rest = told.strip().splitlines() or ["it says nothing"]
    hint = " ".join(line.strip() for line in rest) or None
    raise ModelError(f"the server did not start: {what}", hint=hint)


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    from analysis.cli.boundary import main

    threading.Thread(target=_end_with_parent, daemon=True).start()
    main()
