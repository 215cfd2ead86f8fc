"""Fork the command line on request; runs as a script, and has no thread.

A line of JSON ``{"cwd", "words", "folder", "mark"}`` starts one run, in a process group of its
own; its id comes back. ``folder`` gets its ``output`` and, at the end, its code in ``exit``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import duckdb  # noqa: F401 - here and below: imported once, for all runs

import analysis.cli.publishing
import analysis.documents.execute
import analysis.documents.markdown
import analysis.site.embedded
import analysis.site.release
import analysis.warehouse.ingest  # noqa: F401
from analysis.cli.boundary import main


def run(request: dict[str, Any]) -> NoReturn:
    """Become one run of the command line."""
    os.setsid()
    print(os.getpid(), flush=True)
    output = os.open(Path(request["folder"], "output"), os.O_WRONLY | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.chdir(request["cwd"])
    os.environ["ANALYSIS_PROOF"] = request["mark"]
    sys.argv = ["analysis", *request["words"]]
    code = 0
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def keep(request: dict[str, Any]) -> NoReturn:
    """Start a run, and write down how it ends."""
    pid = os.fork()
    if pid == 0:
        run(request)
    _, status = os.waitpid(pid, 0)
    folder = Path(request["folder"])
    (folder / "ending").write_text(str(os.waitstatus_to_exitcode(status)))
    (folder / "ending").replace(folder / "exit")
    os._exit(0)


def serve() -> None:
    """Answer until standard input closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that keep
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep(json.loads(line))


if __name__ == "__main__":
    serve()
