"""Ctrl-C: one line, exit code 130, and what was finished stays."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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


INTERRUPTED = """
import sys
from analysis.cli.app import app
from analysis.cli.boundary import main
from analysis.errors import ProjectError

@app.command()
def long() -> None:
    try:
        raise RuntimeError("Query interrupted")
    except RuntimeError:
        {then}

sys.argv = ["analysis", "long"]
main()
"""


@pytest.mark.parametrize("then", ["raise", 'raise ProjectError("it cannot be read") from None'])
def test_ctrl_c_of_which_duckdb_has_made_an_error(then: str) -> None:
    """It says so in these words, and whoever asked may have made a mistake of the user of it."""
    command = [sys.executable, "-c", INTERRUPTED.format(then=then)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 130
    assert run.stderr.strip() == "interrupted: what was finished is kept"
