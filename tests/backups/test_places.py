"""Where backups may lie: folders, file://, S3, a web server to read from; and what is refused."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.backups.conftest import BUCKET, clone, contents, s3
from tests.backups.test_backup import back_up
from tests.helpers.projects import analysis
from tests.snapshots.conftest import shop
from tests.warehouse.conftest import Folder

__all__ = ["clone", "s3", "shop"]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a folder, and give it and its URL."""
    folder = tmp_path / "web"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_url(shop: Folder, clone: Folder, tmp_path: Path) -> None:
    """With a blank in its path."""
    url = (tmp_path / "a store").as_uri()
    assert "%20" in url
    back_up(shop, url)
    assert (tmp_path / "a store" / "objects").is_dir()
    assert analysis(clone.root, "restore", url).code == 0
    assert contents(clone) == contents(shop)


def test_a_relative_path(shop: Folder) -> None:
    """It is relative to where one is, as everywhere in a shell."""
    back_up(shop, "../store")
    assert (shop.root.parent / "store" / "backups").is_dir()


def test_s3(shop: Folder, clone: Folder, s3: str) -> None:
    """There and back; a damaged and a missing object are told and change nothing."""
    from botocore.session import get_session

    name = back_up(shop, s3)
    assert "0 bytes sent" in analysis(shop.root, "backup", s3).out
    assert name in analysis(shop.root, "backup", s3, "--list").out
    client = get_session().create_client("s3")
    listed = client.list_objects_v2(Bucket=BUCKET, Prefix="reports/objects/")["Contents"]
    key = min(listed, key=lambda one: one["Size"])["Key"]
    content = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    client.put_object(Bucket=BUCKET, Key=key, Body=content[:-1] + b"?")
    outcome = analysis(clone.root, "restore", s3)
    assert outcome.code == 2
    assert "is damaged in the store" in outcome.err
    client.delete_object(Bucket=BUCKET, Key=key)
    assert "is missing in the store" in analysis(clone.root, "restore", s3).err
    assert contents(clone) == {}

    assert analysis(shop.root, "backup", s3).code == 0  # sends it once more
    assert analysis(clone.root, "restore", s3).code == 0
    assert contents(clone) == contents(shop)


def test_a_bucket_that_is_not_there(shop: Folder, s3: str) -> None:
    """The library's own words, on one line, and no traceback."""
    outcome = analysis(shop.root, "backup", "s3://nowhere/reports")
    assert outcome.code == 2
    assert outcome.err.startswith("error: s3://nowhere/reports cannot be reached")
    assert "Traceback" not in outcome.err


def test_a_web_server_can_be_read(
    shop: Folder, clone: Folder, web: tuple[Path, str], tmp_path: Path
) -> None:
    """By the list that it shows, or by the whole id; nothing can be sent."""
    folder, url = web
    name = back_up(shop, tmp_path / "store")
    shutil.copytree(tmp_path / "store", folder / "store")
    for words in ((), ("--id", name)):
        shutil.rmtree(clone.root / "data", ignore_errors=True)
        outcome = analysis(clone.root, "restore", f"{url}/store", *words)
        assert outcome.code == 0, outcome.err
        assert contents(clone) == contents(shop)
    outcome = analysis(shop.root, "backup", f"{url}/store")
    assert outcome.code == 2
    assert "can only be read" in outcome.err


def test_secrets_are_never_shown(shop: Folder, tmp_path: Path) -> None:
    """Neither what the environment holds nor what somebody wrote into the URL."""
    secret = "hunter2/ä+x"
    for words in (
        ("--debug", "restore", "http://user:${TOKEN}@127.0.0.1:9/store"),
        ("restore", "http://127.0.0.1:9/store?sig=${TOKEN}"),
        ("restore", "http://127.0.0.1:9/${TOKEN}"),
        ("backup", "ftp://user:${TOKEN}@host/store"),
        ("backup", "--list", "file://${TOKEN}/store"),
    ):
        outcome = analysis(shop.root, *words, TOKEN=secret)
        assert outcome.code == 2
        assert "hunter2" not in outcome.out + outcome.err, words
    outcome = analysis(shop.root, "restore", "http://user:hunter2@127.0.0.1:9/store?key=hunter2")
    assert "cannot be reached" in outcome.err
    assert "hunter2" not in outcome.err
    back_up_with = analysis(shop.root, "backup", str(tmp_path) + "/${PLACE}", PLACE="store")
    assert back_up_with.code == 0
    assert (tmp_path / "store").is_dir()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://${NOT_SET_AT_ALL}/x", "the environment variable NOT_SET_AT_ALL is not set"),
        ("ftp://host/x", "ftp://host/x is no place for a backup"),
        ("s3://", "s3:// is no place for a backup"),
        ("file://host/x", "file://host/x is not a path on this machine"),
        ("simplecache::s3://b/x", "is no place for a backup"),
        ("data/store", "lies in the data that are backed up"),
        ("_quarto.yml", "_quarto.yml"),
    ],
)
def test_no_place_for_a_backup(shop: Folder, url: str, told: str) -> None:
    """Each is told before anything is done."""
    outcome = analysis(shop.root, "backup", url)
    assert outcome.code == 2
    assert told in outcome.err
    assert "Traceback" not in outcome.err
