"""Counting that is killed, as `kill -9` does, and the counting after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis.models.bundle.record import Version
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import write_project
from tests.monitoring.test_refresh import HOME, afresh, cells, lines, refreshed, segment

_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.monitoring.test_refresh import refreshed
import analysis.monitoring.cells.{module} as module
original = module.{name}
def deadly(*args, **kwargs):
    if {after}:
        original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
module.{name} = deadly
refreshed(Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [("months", "write_parquet", True), ("reference", "write_bins", True),
     ("reference", "write_parquet", True), ("refresh", "write_state", False),
     ("refresh", "write_state", True)],
)  # fmt: skip
def test_whoever_is_killed_leaves_nothing_that_counts_twice(
    tmp_path: Path, module: str, name: str, after: bool
) -> None:
    root = write_project(tmp_path / "project", {})
    version: Version = add_bundle(root)
    segment(root, "a", lines(version.id, 40, 13))
    if module in ("months", "refresh"):
        refreshed(root)
        segment(root, "b", lines(version.id, 40, 14))
    code = _KILLED.format(module=module, name=name, after=after)
    done = subprocess.run([sys.executable, "-c", code, str(root)], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    refreshed(root)
    assert cells(root) == afresh(root, tmp_path / "other")
    assert not list((root / HOME).glob("*/.*"))
