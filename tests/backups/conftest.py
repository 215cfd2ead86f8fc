"""A project with data, a store in a folder, and one in S3 that runs in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.snapshots.conftest import shop
from tests.warehouse.conftest import Folder

__all__ = ["shop"]

BUCKET = "backups"


@pytest.fixture
def clone(tmp_path: Path) -> Folder:
    """Give what git would give: a project without anything that is not committed."""
    folder = Folder(tmp_path / "clone")
    folder.write("_quarto.yml", "project: {type: website}\nwebsite: {title: Tiny}\n")
    return folder


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start an S3 of our own, point the environment to it, and give a URL there."""
    from botocore.session import get_session
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("FSSPEC_S3_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-so-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = get_session().create_client("s3", endpoint_url=os.environ["FSSPEC_S3_ENDPOINT_URL"])
    client.create_bucket(Bucket=BUCKET)
    yield f"s3://{BUCKET}/reports"
    server.stop()


def contents(folder: Folder) -> dict[str, bytes]:
    """Read all files below data but the warehouse, which may be laid out in another way."""
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in sorted((folder.root / "data").rglob("*"))
        if path.is_file() and not path.name.startswith("warehouse.")
    }


def objects(store: Path) -> list[Path]:
    """List the objects of a store in a folder."""
    return sorted((store / "objects").iterdir())


def backups(store: Path) -> list[str]:
    """List the ids of the backups in it."""
    return sorted(path.stem for path in (store / "backups").iterdir())
