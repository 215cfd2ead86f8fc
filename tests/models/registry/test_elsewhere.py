"""Boards that lie elsewhere: in another folder, in a store, behind a URL that fsspec knows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fsspec
import pytest

from analysis.errors import ModelError
from analysis.models.bundle.record import MODEL
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import Registry, open_registry
from analysis.project import find_project
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import snapshot, write_project
from tests.helpers.s3 import KEY, s3_server

KINDS = ("folder", "file", "memory", "s3")


@pytest.fixture(params=KINDS)
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Give the address of an empty board."""
    if request.param == "s3":
        with s3_server(monkeypatch, "team"):
            yield f"s3://team/{tmp_path.parent.name}/{tmp_path.name}"
    elif request.param == "memory":
        yield "memory://team/models"
        fsspec.filesystem("memory").store.clear()
    else:
        home = tmp_path / "shared models"
        yield str(home) if request.param == "folder" else home.as_uri()


def project(folder: Path, url: str) -> Path:
    return write_project(folder, {"pyproject.toml": f'[tool.analysis]\nmodels = "{url}"\n'})


def opened(root: Path, *, refresh: bool = True) -> Registry:
    return open_registry(find_project(root), refresh=refresh)


def test_what_one_project_keeps_another_finds(url: str, tmp_path: Path) -> None:
    one, two = project(tmp_path / "one", url), project(tmp_path / "two", url)
    add_bundle(one)
    version = stage(one, add_bundle(one, seed=2), "champion")
    registry = opened(two)
    assert registry.names() == ("late-flights",)
    assert registry.find("late-flights") == version
    assert registry.kept("late-flights").remarks == ()
    folder = registry.folder(version)
    assert open_predictor(folder).bundle == version.bundle
    stage(two, registry.find("late-flights@1"), "challenger")
    assert [v.stage for v in opened(one).versions("late-flights")] == ["challenger", "champion"]


def test_small_files_are_here_and_models_are_not(url: str, tmp_path: Path) -> None:
    root = project(tmp_path / "one", url)
    version = add_bundle(root)
    here = root / "data" / "models" / "late-flights" / version.id
    names = {told.file for told in version.bundle.files} - {MODEL}
    assert {path.name for path in here.iterdir()} == {*names, "bundle.json", "data.txt"}
    assert len([*(root / "data/models/late-flights.events").glob("*/event.json")]) == 1
    shutil.rmtree(root / "data")
    assert opened(root).find("late-flights").id == version.id
    assert here.is_dir()


def test_a_version_that_is_gone_from_the_board_is_gone_here(url: str, tmp_path: Path) -> None:
    root = project(tmp_path / "one", url)
    first, second = add_bundle(root), add_bundle(root, seed=2)
    _remove(url, f"late-flights/{first.id}")
    assert opened(root).versions("late-flights") == (second,)
    assert [str(remark) for remark in opened(root).kept("late-flights").remarks] == [
        f"data/models/late-flights/{first.id}: this version is gone, and only its events are left; "
        "it is left out"
    ]


def test_a_half_copied_version_is_named(url: str, tmp_path: Path) -> None:
    root = project(tmp_path / "one", url)
    first, second = add_bundle(root), add_bundle(root, seed=2)
    _remove(url, f"late-flights/{first.id}/{MODEL}")
    registry = opened(root)
    assert registry.versions("late-flights") == (second,)
    (remark,) = registry.kept("late-flights").remarks
    assert f"{MODEL} is missing" in str(remark)


def test_bytes_that_changed_on_the_way_are_refused(url: str, tmp_path: Path) -> None:
    root = project(tmp_path / "one", url)
    version = add_bundle(root)
    fs, home = _store(url)
    path = f"{home}/late-flights/{version.id}/{MODEL}"
    content = bytearray(fs.cat_file(path))
    content[50] ^= 1
    fs.pipe_file(path, bytes(content))
    with pytest.raises(ModelError, match="not the one that was promoted"):
        opened(root).folder(version)


def test_what_was_fetched_is_looked_at_again(tmp_path: Path) -> None:
    root = project(tmp_path / "one", "memory://cached/models")
    version = add_bundle(root)
    folder = opened(root).folder(version)
    assert folder == root / ".analysis" / "models" / "late-flights" / version.id
    (folder / MODEL).write_bytes(b"another")
    (folder / "golden.json").unlink()
    assert opened(root).folder(version) == folder
    assert open_predictor(folder).bundle == version.bundle
    # What is here needs no board.
    fsspec.filesystem("memory").store.clear()
    assert opened(root, refresh=False).find("late-flights") == version
    assert opened(root, refresh=False).folder(version) == folder


def test_models_that_were_kept_in_the_project_are_not_removed(root: Path) -> None:
    version = stage(root, add_bundle(root), "champion")
    before = snapshot(root, "data/models")
    project(root, "memory://empty/models")
    registry = opened(root)
    (remark,) = registry.remarks
    assert "not on the board" in str(remark)
    assert version.id in str(remark)
    assert snapshot(root, "data/models") == before


def test_a_board_that_is_no_folder_is_said(root: Path) -> None:
    project(root, "_quarto.yml")
    with pytest.raises(ModelError, match=r"_quarto\.yml` cannot be written to"):
        add_bundle(root)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://example.org/models", "can only be read"),
        ("rsc://connect", "Posit Connect"),
        ("s3://", "it has no path"),
        ("nosuch://a/b", "cannot be used"),
        ("file://elsewhere/models", "not a path on this machine"),
    ],
)
def test_a_board_that_cannot_be_used_is_refused(tmp_path: Path, url: str, what: str) -> None:
    with pytest.raises(ModelError, match=what):
        opened(project(tmp_path, url))


def test_a_board_that_cannot_be_reached_is_said_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(tmp_path / "one", "s3://none/models")
    with s3_server(monkeypatch, "team"), pytest.raises(ModelError) as error:
        opened(root).find("late-flights")
    assert KEY not in str(error.value)


def _store(url: str) -> tuple[Any, str]:
    fs, home = fsspec.core.url_to_fs(url, skip_instance_cache=True)
    return fs, unquote(str(home))


def _remove(url: str, path: str) -> None:
    fs, home = _store(url)
    fs.rm(f"{home}/{path}", recursive=True)
