"""Two runs on one project: the second waits, or says who is at work; a dead owner holds nothing."""

from __future__ import annotations

import time
from pathlib import Path

from tests.proof.processes import Launcher, Running
from tests.proof.publisher import site
from tests.proof.small_project import PAGE, write_state

SLOW = """\
import time
open("started.tmp", "w").close()
while not open("go.txt").read():
    time.sleep(0.01)"""


def slow_project(root: Path) -> Path:
    """Write a project with a page that runs until ``go.txt`` is not empty."""
    write_state(root, 1)
    (root / "go.txt").write_text("")
    (root / "slow.qmd").write_text(PAGE.format(title="Slow", text="", code=SLOW))
    return root


def until_the_page_runs(root: Path, running: Running) -> None:
    """Wait until the slow page is at work."""
    give_up = time.monotonic() + 30
    while not (root / "started.tmp").exists():
        assert not running.ended and time.monotonic() < give_up, running.output
        time.sleep(0.005)


def test_the_second_of_two_runs_waits(tmp_path: Path, launcher: Launcher) -> None:
    """Both end well, and the second finds nothing left to do."""
    root = slow_project(tmp_path / "project")
    first = launcher.publish(root)
    until_the_page_runs(root, first)
    second = launcher.publish(root)
    time.sleep(0.3)
    assert not second.ended and not first.ended
    (root / "go.txt").write_text("go")
    one, two = first.wait(), second.wait()
    assert (one.code, two.code) == (0, 0), one.text + two.text
    assert "slow.qmd" in one.ran
    # It looked at the pages when it had the lock: only what changed while the first ran is stale.
    assert two.ran <= {"slow.qmd"}
    assert site(root)


def test_no_wait_says_who_is_at_work(tmp_path: Path, launcher: Launcher) -> None:
    """It ends at once, as a mistake in the call does, and leaves the other alone."""
    root = slow_project(tmp_path / "project")
    first = launcher.publish(root)
    until_the_page_runs(root, first)
    second = launcher.publish(root, "--no-wait").wait()
    assert second.code == 2 and str(first.pid) in second.text, second.text
    assert "Traceback" not in second.text
    (root / "go.txt").write_text("go")
    assert first.wait().code == 0


def test_the_lock_of_a_dead_owner_is_taken_over(tmp_path: Path, launcher: Launcher) -> None:
    """The next run need not wait, also with --no-wait, and does what the dead one did not."""
    root = slow_project(tmp_path / "project")
    first = launcher.publish(root)
    until_the_page_runs(root, first)
    first.kill(group=False)
    (root / "go.txt").write_text("go")
    second = launcher.publish(root, "--no-wait").wait()
    assert second.code == 0, second.text
    assert "slow.qmd" in second.ran


def test_a_run_that_waits_goes_on_when_the_owner_dies(tmp_path: Path, launcher: Launcher) -> None:
    """Nobody has to remove a file by hand."""
    root = slow_project(tmp_path / "project")
    first = launcher.publish(root)
    until_the_page_runs(root, first)
    second = launcher.publish(root)
    (root / "go.txt").write_text("go")
    first.kill(group=True)
    assert second.wait().code == 0
