"""What a cast would drop without a word is refused; what it keeps is taken."""

from __future__ import annotations

import pytest

from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, error_of

DECLARED = """
sources:
  t:
    description: Texts
    kind: csv
    path: t.csv
    columns: {v: "TYPE"}
"""
AT = "2013-07-01 12:00"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("TIMESTAMP", f"{AT}+02:00"),
        ("TIMESTAMP", f"{AT}:00 Europe/Berlin"),
        ("TIMESTAMP", f"{AT} America/New_York"),
        ("TIMESTAMP", f"{AT} CET"),
        ("TIMESTAMP", f"{AT}:00.1234567"),
        ("TIMESTAMPTZ", f"{AT}:00.1234567+00"),
        ("TIME", "12:00:00.1234567"),
        ("DATE", AT),
        ("INTEGER", "1.5"),
    ],
)
def test_a_loss_is_refused(folder: Folder, kind: str, text: str) -> None:
    folder.write("data/sources.yml", DECLARED.replace("TYPE", kind))
    folder.write("t.csv", f"v\n{text}\n")
    error = error_of(folder)
    assert f"does not fit {kind}" in error.what
    assert str(error.where) == "t.csv:2"


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("TIMESTAMP", [AT, f"{AT}:00Z", f"{AT}:00 UTC", "2013-07-01T12:00+00:00", f"{AT} GMT"]),
        ("TIMESTAMP", [f"{AT}:00.123456", f"{AT}:00.123456000"]),
        ("TIMESTAMPTZ", [f"{AT}+02", f"{AT}:00 Europe/Berlin", f"{AT}:00.123456Z"]),
    ],
)
def test_what_loses_nothing_is_taken(folder: Folder, kind: str, texts: list[str]) -> None:
    folder.write("data/sources.yml", DECLARED.replace("TYPE", kind))
    folder.write("t.csv", "\n".join(["v", *texts]) + "\n")
    ingest(folder.project)
    assert folder.query("select count(v) from raw.t") == [(len(texts),)]
