"""Ctrl-C: one line, exit code 130, and what was finished stays."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.helpers.projects import ANALYSIS, write_project


def test_interrupt_keeps_what_was_finished(tmp_path: Path) -> None:
    """The page that ran is frozen; the one that was running is not."""
    code = "```{{python}}\n{}\n```\n"
    root = write_project(
        tmp_path / "project",
        {
            "a.qmd": code.format("print('done')"),
            "b.qmd": code.format("import time\ntime.sleep(60)"),
        },
    )
    with subprocess.Popen(
        [ANALYSIS, "publish", "--jobs", "2"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test runner in the background may have this signal switched off.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:
        frozen = root / "_freeze" / "a" / "inputs.json"
        patience = time.monotonic() + 60
        while not frozen.exists() and time.monotonic() < patience:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=30)
    assert run.returncode == 130
    assert told.strip() == "interrupted: what was finished is kept"
    assert frozen.exists() and not (root / "_freeze" / "b").exists()
    assert not (root / "published").exists()


LONG = """
import sys, duckdb
from analysis.cli.app import app
from analysis.cli.boundary import main

@app.command()
def long() -> None:
    print("begun", flush=True)
    duckdb.connect().execute("select sum(sin(range)) from range(100000000000)").fetchall()

sys.argv = ["analysis", "long"]
main()
"""


def test_an_interrupt_while_duckdb_is_at_work() -> None:
    """DuckDB makes an error of its own of Ctrl-C, which is no mistake of ours."""
    with subprocess.Popen(
        [sys.executable, "-c", LONG],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as run:
        assert run.stdout is not None and run.stdout.readline() == "begun\n"
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=30)
    assert run.returncode == 130
    assert told.strip() == "interrupted: what was finished is kept"
