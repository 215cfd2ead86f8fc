"""Kill a run at random moments: readers always have one whole site, and the next run mends all."""

from __future__ import annotations

import json
import random
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.proof.processes import Launcher
from tests.proof.publisher import Publisher, different, site
from tests.proof.small_project import write_state

GRACE = 5.0
STATES = (1, 2)


@dataclass
class Victim:
    """A project whose runs are killed, its site in each state, and the seconds that a run takes."""

    root: Path
    sites: dict[int, dict[str, bytes]]
    seconds: float
    launcher: Launcher
    publisher: Publisher

    def state_of_current(self) -> int | None:
        """Say which whole site is published; ``None`` if there is none."""
        current = self.root / "published" / "current"
        if not current.exists():
            assert not current.is_symlink(), "`current` names a release that is not there"
            return None
        record = self.root / "published" / "manifests" / f"{current.readlink().name}.json"
        manifest = json.loads(record.read_text())
        assert all((current / page["output"]).is_file() for page in manifest["pages"])
        found = site(self.root)
        differences = {state: different(found, whole) for state, whole in self.sites.items()}
        whole = [state for state, names in differences.items() if not names]
        assert whole, f"this is no whole site: {differences}"
        return whole[0]


@pytest.fixture(scope="module")
def victim(
    tmp_path_factory: pytest.TempPathFactory, publisher: Publisher, launcher: Launcher
) -> Victim:
    """Publish both states from nothing, and time a run from one to the other."""
    root = tmp_path_factory.mktemp("kill") / "project"
    sites = {}
    for state in STATES:
        sites[state] = publisher.from_nothing(write_state(root, state))
    assert different(*sites.values())
    seconds = []
    for state in (*STATES, *STATES):
        write_state(root, state)
        start = time.perf_counter()
        ended = launcher.publish(root).wait()
        seconds.append(time.perf_counter() - start)
        assert ended.code == 0, ended.text
    return Victim(root, sites, min(seconds), launcher, publisher)


def kill_once(victim: Victim, chance: random.Random, number: int) -> bool:
    """Kill the run that leads to the other state, see what is there, and let the next one end.

    Says whether the run was killed; it may have ended before its moment came.
    """
    old = victim.state_of_current()
    if number % 10 == 0:  # nothing was ever published
        for name in ("published", "_freeze", ".analysis"):
            shutil.rmtree(victim.root / name)
        old = None
    new = STATES[number % 2]
    write_state(victim.root, new)
    moment, group = chance.uniform(0, victim.seconds), chance.random() < 0.5
    running = victim.launcher.publish(victim.root)
    time.sleep(moment)
    running.kill(group=group)
    killed = running.wait().code < 0
    about = f"kill {number} after {moment:.3f} s, group: {group}"
    assert victim.state_of_current() in (old, new), about
    ended = victim.publisher(victim.root)
    assert ended.code == 0, f"{about}\n{ended.text}"
    assert different(site(victim.root), victim.sites[new]) == [], about
    assert running.leftovers(GRACE) == [], about
    return killed


def kill_many(victim: Victim, seed: int, wanted: int) -> None:
    """Kill at random moments until so many runs were killed before they had ended."""
    chance = random.Random(seed)
    killed = tries = 0
    while killed < wanted:
        assert tries < 3 * wanted, f"only {killed} of {tries} runs could be killed"
        is_killed = kill_once(victim, chance, tries)
        # The machine may have become faster or slower since the runs were timed.
        victim.seconds *= 1.02 if is_killed else 0.9
        killed, tries = killed + is_killed, tries + 1
    assert leftover_files(victim.root) == []


class TestFirstHalf:
    """One half of the kills; each class is a unit of work for parallel tests."""

    def test_kills(self, victim: Victim, kills: int, proof_seed: int) -> None:
        """One half of them."""
        kill_many(victim, proof_seed, (kills + 1) // 2)


class TestSecondHalf:
    """The other half."""

    def test_kills(self, victim: Victim, kills: int, proof_seed: int) -> None:
        """The others, at other moments."""
        kill_many(victim, proof_seed + 1_000_000, kills // 2)


def leftover_files(root: Path) -> list[str]:
    """List what killed runs have left and the last whole run has not removed.

    The work folder, which may be deleted at any time, does not count.
    """
    names = ("*.tmp", ".trash-*", ".staging", ".warehouse-*", "site-*")
    found = [path.relative_to(root) for name in names for path in root.rglob(name)]
    return sorted(str(path) for path in found if path.parts[0] != ".analysis")
