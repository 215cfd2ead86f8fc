"""Nothing of ours writes below ``data/raw``: each kind of source, read by a user who could not."""

from __future__ import annotations

import gzip
import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import yaml
from openpyxl import Workbook

from tests.warehouse.conftest import VISITS_CSV, Folder
from tests.warehouse.kinds import COLUMNS
from tests.warehouse.test_bad_input import zipped

RECORD = '{"day": "2026-01-01", "shop": "north", "customers": 3}'
SOURCES = {
    "csv": {"kind": "csv", "path": "data/raw/v.csv"},
    "zip": {"kind": "csv", "path": "data/raw/v.zip"},
    "gz": {"kind": "csv", "path": "data/raw/v.csv.gz"},
    "json": {"kind": "json", "path": "data/raw/v.json"},
    "jsonl": {"kind": "jsonl", "path": "data/raw/v.jsonl"},
    "parquet": {"kind": "parquet", "path": "data/raw/parts", "in_place": True},
    "excel": {"kind": "excel", "path": "data/raw/v.xlsx"},
    "sqlite": {"kind": "sqlite", "path": "data/raw/v.db", "table": "visits"},
    "wal": {"kind": "sqlite", "path": "data/raw/wal.db", "table": "visits"},
    "python": {"kind": "python", "function": "feed:visits"},
}
INGEST = """
import os, shutil, sys, tempfile
from pathlib import Path
from analysis.project import open_project
from analysis.warehouse.ingest import ingest
root, group, user = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
if user:
    # The libraries may lie where this user cannot read them later on.
    with tempfile.TemporaryDirectory() as copy:
        ingest(open_project(Path(shutil.copytree(root, Path(copy) / "project"))))
    os.setgroups([]); os.setgid(group); os.setuid(user)
print(len(ingest(open_project(root)).sources), os.geteuid())
"""


def fill(folder: Folder) -> None:
    """Write a file of each kind, with the same rows."""
    csv = VISITS_CSV.encode()
    for name, content in (
        ("v.csv", csv),
        ("v.zip", zipped(("v.csv", csv))),
        ("v.csv.gz", gzip.compress(csv)),
        ("v.json", f"[{RECORD}]"),
        ("v.jsonl", b"\xef\xbb\xbf" + RECORD.encode()),
        ("parts/p.parquet", b""),
    ):
        folder.write(f"data/raw/{name}", content)
    raw = folder.root / "data/raw"
    values = "select date '2026-01-01' as day, 'north' as shop, 3 as customers"
    duckdb.connect().execute(f"copy ({values}) to '{raw}/parts/p.parquet' (format parquet)")
    book = Workbook()
    for row in (list(COLUMNS), ["2026-01-01", "north", 3]):
        book.worksheets[0].append(row)
    book.save(raw / "v.xlsx")
    for name, mode in (("v.db", "delete"), ("wal.db", "wal")):
        with closing(sqlite3.connect(raw / name)) as db:
            db.execute(f"pragma journal_mode = {mode}")
            db.execute(
                "create table visits as select '2026-01-01' as day, 'n' as shop, 1 as customers"
            )
            db.commit()
    folder.write("src/feed.py", f"def visits():\n    return [{RECORD}]\n")
    sources = {
        name: {"description": name, **keys, "columns": COLUMNS} for name, keys in SOURCES.items()
    }
    folder.write("data/sources.yml", yaml.safe_dump({"sources": sources}, sort_keys=False))


def state_of(raw: Path) -> dict[str, tuple[bytes, int, int]]:
    """Tell the content of each file, and when it and each folder were changed."""
    return {
        str(path): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns,
            path.stat().st_ctime_ns,
        )
        for path in (raw, *raw.rglob("*"))
    }


@pytest.mark.parametrize("is_locked", [False, True], ids=["writable", "read-only"])
def test_nothing_below_raw_changes(tmp_path: Path, is_locked: bool) -> None:
    # Another user must be able to reach it.
    root = Path(f"/tmp/{tmp_path.parent.name}-{tmp_path.name}").resolve()
    folder = Folder(root)
    try:
        fill(folder)
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 and is_locked else None
        raw = root / "data/raw"
        if nobody:
            for path in (root, *(p for p in root.rglob("*") if raw not in (p, *p.parents))):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        if is_locked:
            for path in (raw, *raw.rglob("*")):
                path.chmod(0o555 if path.is_dir() else 0o444)
        before = state_of(raw)
        user = [str(nobody.pw_gid), str(nobody.pw_uid)] if nobody else ["0", "0"]
        done = subprocess.run(
            [sys.executable, "-c", INGEST, str(root), *user], capture_output=True, text=True
        )
        as_whom = nobody.pw_uid if nobody else os.geteuid()
        assert done.stdout.split() == [str(len(SOURCES)), str(as_whom)], done.stderr
        assert state_of(raw) == before
    finally:
        for path in (root / "data/raw", *(root / "data/raw").rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(root)
