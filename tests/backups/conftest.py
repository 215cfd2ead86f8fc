"""A project with data, a store in a folder, and one in S3 that runs in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.s3 import s3_server
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
    """Give a URL in an S3 of our own."""
    with s3_server(monkeypatch, BUCKET):
        yield f"s3://{BUCKET}/reports"


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
