"""The command line in this process: the same words and output as in a shell, in less time."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from unittest import mock

from analysis.cli.boundary import main
from tests.helpers.projects import Outcome


def analysis(cwd: Path, *words: str) -> Outcome:
    """Run ``analysis`` with ``words`` in ``cwd``."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(cwd),
        mock.patch("sys.argv", ["analysis", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())
