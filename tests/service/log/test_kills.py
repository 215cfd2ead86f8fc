"""A real server that is killed under load, and one whose disk is full."""

from __future__ import annotations

import random
import resource
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analysis.project import Project, open_project
from analysis.service.log.compaction import compact_log
from analysis.warehouse.connection import connect
from analysis.warehouse.ingest import ingest
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.load import Answer, Load
from tests.helpers.projects import write_project
from tests.helpers.serving import ROW, serving
from tests.service.log.forking import nursery
from tests.warehouse.conftest import VISITS, VISITS_CSV

KILLS = 50


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project with a champion and a warehouse."""
    files = {"data/sources.yml": VISITS, "data/raw/visits.csv": VISITS_CSV}
    project = open_project(write_project(tmp_path / "project", files))
    ingest(project)
    stage(project.root, add_bundle(project.root), "champion")
    return project


def logged(project: Project) -> Counter[tuple[str, int]]:
    """Count the rows of the log, as a page does."""
    with connect(project) as connection:
        found = connection.execute(
            "select request, row from meta.predictions where status is null"
        ).fetchall()
    return Counter(found)


def body(number: int) -> list[dict[str, object]]:
    """Give one to three rows, each of them another one."""
    return [{**ROW, "hour": number % 24} for _ in range(1 + number % 3)]


def expected(answers: list[Answer]) -> set[tuple[str, int]]:
    """Give the rows that were answered."""
    return {
        (answer.request, row)
        for answer in answers
        if answer.status == 200
        for row in range(len(answer.told["predict"]))
    }


def test_killed_under_load(project: Project) -> None:
    """Each row that was answered is in the log, once; what was torn hides nothing."""
    chance = random.Random(6)
    answered: set[tuple[str, int]] = set()
    folder = project.root / "data/predictions/late-flights"
    with nursery(project.root) as servers:
        for kill in range(KILLS):
            server = servers.start()
            load = Load(server.url, body)
            timer = threading.Timer(chance.uniform(0.05, 0.4), server.kill)
            threading.Thread(target=timer.run).start()
            found = expected(load.run())
            assert not found & answered
            answered |= found
            if kill % 10 == 9:
                compact_log(folder)
    assert len(answered) > KILLS * 10
    counted = logged(project)
    assert answered <= counted.keys()
    assert set(counted.values()) == {1}
    compact_log(folder)
    compact_log(folder)
    assert logged(project) == counted
    assert not [*folder.glob("*.jsonl")]


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """Put a disk of this size at ``place``."""
    place.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_disk_is_full(project: Project) -> None:
    """It answers 503 as long as there is no room, and goes on by itself when there is."""
    place = project.root / "data/predictions"
    with small_disk(place, "64k"), serving(project.root) as server:
        load = Load(server.url, body, enough=lambda all_: sum(a.status == 503 for a in all_) > 50)
        answers = load.run()
        assert {answer.status for answer in answers} == {200, 503}
        refused = next(answer for answer in answers if answer.status == 503)
        assert "retry-after" in refused.headers and str(project.root) not in refused.body.decode()
        assert logged(project).keys() == expected(answers)
        subprocess.run(["mount", "-o", "remount,size=4m", str(place)], check=True)
        later = Load(server.url, body, enough=lambda all_: len(all_) > 50).run()
        assert {answer.status for answer in later} == {200}
        counted = logged(project)
        assert counted.keys() == expected([*answers, *later])
        assert set(counted.values()) == {1}
        assert server.process.poll() is None


def test_file_may_not_grow(project: Project) -> None:
    """The same where a limit of the system stands in for the end of the disk."""
    with serving(project.root) as server:
        pid = server.process.pid
        first = Load(server.url, body, enough=lambda all_: len(all_) > 5).run()
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (8_000, resource.RLIM_INFINITY))
        answers = Load(
            server.url, body, enough=lambda all_: sum(a.status == 503 for a in all_) > 20
        ).run()
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        later = Load(server.url, body, enough=lambda all_: len(all_) > 5).run()
        assert {answer.status for answer in [*first, *later]} == {200}
        assert logged(project).keys() == expected([*first, *answers, *later])
