"""Releases: whole or not at all, the last ones kept, leftovers of killed runs removed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.errors import ReleaseError
from analysis.project import Project, open_project
from analysis.project.git import git_commit
from analysis.site.manifest import Failure, Manifest, PublishedPage, read_manifest
from analysis.site.release import current, prune, release, releases, staging_folder
from tests.helpers.projects import write_project

MANIFEST = Manifest(
    renderer="embedded",
    pages=(PublishedPage("index.qmd", "index.html", "abc", 0.5),),
    failures=(Failure("bad.qmd", "NameError: x", "bad.qmd:7"),),
    seconds=1.5,
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return open_project(write_project(tmp_path / "project", {"index.qmd": "Hi\n"}))


def _publish(project: Project, text: str, keep: int = 10) -> str:
    with staging_folder(project) as staging:
        (staging / "sub").mkdir()
        (staging / "index.html").write_text(text)
        (staging / "sub" / "a.html").write_text(text)
        return release(project, staging, MANIFEST, keep=keep).id


def _served(project: Project) -> str:
    return (project.published_dir / "current" / "index.html").read_text()


def test_a_release_is_current_and_carries_its_manifest(project: Project) -> None:
    name = _publish(project, "one")
    assert _served(project) == "one"
    assert (project.published_dir / "current").readlink() == Path("releases") / name
    found = current(project)
    assert found is not None
    assert found.id == name
    assert found.manifest == MANIFEST
    record = project.published_dir / "manifests" / f"{found.id}.json"
    assert read_manifest(record).failures[0].where == "bad.qmd:7"
    assert not list(found.folder.rglob("*.json")), "what failed is not for readers"


def test_a_failing_render_leaves_the_current_release(project: Project) -> None:
    name = _publish(project, "one")
    with pytest.raises(RuntimeError, match="boom"), staging_folder(project) as staging:
        (staging / "index.html").write_text("half")
        raise RuntimeError("boom")
    assert _served(project) == "one"
    assert [found.id for found in releases(project)] == [name]
    assert sorted(p.name for p in project.published_dir.iterdir()) == [
        "current",
        "manifests",
        "releases",
    ]


def test_an_empty_site_is_not_released(project: Project) -> None:
    _publish(project, "one")
    with pytest.raises(ReleaseError, match="empty"), staging_folder(project) as staging:
        release(project, staging, MANIFEST)
    assert _served(project) == "one"


def test_what_killed_runs_left_is_removed(project: Project) -> None:
    _publish(project, "one")
    leftover = project.published_dir / ".staging" / "site-old"
    leftover.mkdir(parents=True)
    (leftover / "index.html").write_text("half")
    (project.published_dir / ".trash-1" / "half").mkdir(parents=True)
    (project.published_dir / ".current.123.tmp").symlink_to("releases/none")
    _publish(project, "two")
    assert _served(project) == "two"
    assert sorted(p.name for p in project.published_dir.iterdir()) == [
        "current",
        "manifests",
        "releases",
    ]


def test_the_last_releases_stay_and_ids_sort_by_time(project: Project) -> None:
    names = [_publish(project, str(n), keep=3) for n in range(5)]
    assert names == sorted(names)
    assert [found.id for found in releases(project)] == names[-3:]
    assert _served(project) == "4"


def test_the_current_release_is_never_pruned(project: Project) -> None:
    names = [_publish(project, str(n)) for n in range(4)]
    link = project.published_dir / "current"
    link.unlink()
    link.symlink_to(f"releases/{names[0]}")
    prune(project, keep=2)
    assert [found.id for found in releases(project)] == [names[0], names[-1]]
    assert _served(project) == "0"


def test_readers_always_find_a_whole_release_even_when_the_writer_is_killed(
    project: Project,
) -> None:
    _publish(project, "start")
    program = (
        "import sys, pathlib\n"
        "from analysis.project import open_project\n"
        "from tests.site.test_release import _publish\n"
        "project = open_project(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10_000): _publish(project, str(n), keep=3)\n"
    )
    for delay in (0.15, 0.3, 0.45):
        command = [sys.executable, "-c", program, str(project.root)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as writer:
            before = current(project)
            while current(project) == before and writer.poll() is None:
                time.sleep(0.01)
            stop = time.monotonic() + delay
            while time.monotonic() < stop:
                folder = (project.published_dir / "current").resolve()
                try:
                    pages = {(folder / name).read_text() for name in ("index.html", "sub/a.html")}
                except FileNotFoundError:
                    # Three releases later this one may be pruned; a new look finds another.
                    assert (project.published_dir / "current").resolve() != folder
                    continue
                assert len(pages) == 1
            writer.send_signal(signal.SIGKILL)
        assert _served(project)
        _publish(project, "after")
        assert _served(project) == "after"


def test_the_commit_names_changed_files(tmp_path: Path) -> None:
    assert git_commit(tmp_path) is None
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]

    def git(*words: str) -> None:
        subprocess.run(["git", *name, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "a.txt").write_text("a")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    commit = git_commit(tmp_path)
    assert commit is not None
    assert len(commit) == 40
    (tmp_path / "a.txt").write_text("b")
    assert git_commit(tmp_path) == commit + "+"


def test_a_damaged_manifest_is_named(project: Project) -> None:
    name = _publish(project, "one")
    (project.published_dir / "manifests" / f"{name}.json").write_text("{")
    with pytest.raises(ReleaseError, match=name):
        releases(project)
