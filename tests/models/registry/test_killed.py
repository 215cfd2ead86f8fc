"""Writers that are killed, and several at once: what is kept is whole, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from tests.helpers.bundles import add_bundle, write_bundle

ROOT = Path(__file__).parents[3]
# Adds versions in processes of its own and kills them, each a little later than the one before.
_SWEEP = """
import os, signal, sys, time
from pathlib import Path
from analysis.models.bundle.record import FORMAT, Event
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
import pins.meta

root, bundle = map(Path, sys.argv[1:])
event = Event(FORMAT, "late-flights", "", "stage", "2026-05-01T08:00:00.000000+00:00",
              "Ann", None, "candidate")

def timed():
    start = time.perf_counter()
    open_registry(find_project(root)).add("late-flights", bundle, event)
    return time.perf_counter() - start

timed()
whole = max(timed() for _ in range(3))
for step in range(60):
    child = os.fork()
    if not child:
        timed()
        os._exit(0)
    time.sleep(whole * step / 50)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
_EVENTS = """
import sys
from pathlib import Path
from tests.helpers.bundles import certify
from analysis.models.registry.registry import open_registry
from analysis.project import find_project

root = Path(sys.argv[1])
version = open_registry(find_project(root)).find("late-flights@1")
for _ in range(10):
    certify(root, version)
"""


def test_a_writer_that_is_killed_at_any_moment_leaves_whole_versions(
    root: Path, tmp_path: Path
) -> None:
    bundle = write_bundle(tmp_path / "bundle")
    script = [sys.executable, "-c", _SWEEP, str(root), str(tmp_path / "bundle")]
    subprocess.run(script, check=True, timeout=120)
    registry = open_registry(find_project(root))
    kept = registry.kept("late-flights")
    assert kept.remarks == ()
    assert 5 <= len(kept.versions) < 64
    assert [version.number for version in kept.versions] == [*range(1, len(kept.versions) + 1)]
    for version in kept.versions:
        assert version.bundle == bundle
        registry.folder(version)
    add_bundle(root)
    assert list((root / "data/models").glob(".*")) == []


def test_writers_at_once_lose_nothing(root: Path) -> None:
    version = add_bundle(root)
    script = [sys.executable, "-c", _EVENTS, str(root)]
    writers = [subprocess.Popen(script, cwd=ROOT) for _ in range(3)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    kept = open_registry(find_project(root)).kept("late-flights")
    assert len(kept.versions[0].events) == len(version.events) + 30
    assert kept.remarks == ()
