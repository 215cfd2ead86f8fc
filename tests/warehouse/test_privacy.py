"""Personal data: not shown in errors, hashed, or dropped."""

from __future__ import annotations

import hashlib

import pytest

from analysis.errors import ProjectError, SourceError
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.warehouse.conftest import Folder

PEOPLE = """
sources:
  people:
    description: People
    kind: csv
    path: people.csv
    on_violation: POLICY
    columns:
      name: {type: VARCHAR, pii: true, PROTECT, pattern: "[A-Z][a-z]+"}
      age: {type: INTEGER, pii: true}
      city: VARCHAR
"""
ROWS = "name,age,city\nAnna,31,Bern\nBert,42,Graz\n"


def declare(folder: Folder, protect: str, rows: str = ROWS, policy: str = "fail") -> None:
    """Write a source of people."""
    text = PEOPLE.replace("PROTECT, ", f"protect: {protect}, " if protect else "")
    folder.write("data/sources.yml", text.replace("POLICY", policy))
    folder.write("people.csv", rows)


def test_hash_needs_a_secret_and_keeps_equal_values_equal(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(folder, "hash", ROWS + "Anna,50,Rom\n,1,Oslo\n")
    monkeypatch.delenv("ANALYSIS_PII_SALT", raising=False)
    with pytest.raises(ProjectError) as caught:
        ingest(folder.project)
    assert "ANALYSIS_PII_SALT is not set" in caught.value.what
    assert str(caught.value.where) == "data/sources.yml:9"
    monkeypatch.setenv("ANALYSIS_PII_SALT", "it's salt")
    ingest(folder.project)
    found = folder.query("select name from raw.people order by age desc")
    anna = hashlib.sha256(b"it's saltAnna").hexdigest()
    assert [value for (value,) in found] == [
        anna,
        hashlib.sha256(b"it's saltBert").hexdigest(),
        anna,
        None,
    ]
    content = folder.project.warehouse.read_bytes()
    assert b"Anna" not in content
    assert b"it's salt" not in content


def test_dropped_column_is_checked_and_not_kept(folder: Folder) -> None:
    declare(folder, "drop")
    ingest(folder.project)
    assert folder.query("select * from raw.people order by age") == [(31, "Bern"), (42, "Graz")]
    declare(folder, "drop", ROWS + "x,1,Rom\n")
    with pytest.raises(SourceError, match="`name` does not fit the pattern"):
        ingest(folder.project)


@pytest.mark.parametrize("protect", ["", "hash", "drop"])
def test_value_is_neither_in_the_error_nor_in_rejected_rows(
    folder: Folder, protect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_PII_SALT", "salt")
    bad = ROWS + "secret-name,secret-age,Rom\nsecret-line\n"
    declare(folder, protect, ROWS + "secret-name,secret-age,Rom\n")
    with pytest.raises(SourceError) as caught:
        ingest(folder.project)
    assert "secret" not in str(caught.value)
    declare(folder, protect, bad, "quarantine")
    ingest(folder.project, IngestOptions(force=True))
    assert folder.query("select count(*) from raw.people__rejected") == [(2,)]
    if protect:
        names = folder.query("select * from raw.people__rejected")
        assert "secret-name" not in str(names)
        assert "secret-line" not in str(names)


ORDERS = """
  orders:
    description: Orders
    kind: csv
    path: orders.csv
    columns:
      buyer: {type: VARCHAR, pii: true, protect: hash, references: people.name}
"""


def test_hashed_columns_may_refer_to_each_other(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_PII_SALT", "salt")
    declare(folder, "hash")
    declared = folder.root / "data" / "sources.yml"
    declared.write_text(declared.read_text() + ORDERS)
    folder.write("orders.csv", "buyer\nBert\nBert\n")
    ingest(folder.project)
    joined = "select count(*) from raw.orders join raw.people on name = buyer"
    assert folder.query(joined) == [(2,)]
    folder.write("orders.csv", "buyer\nBert\nCarl\n")
    with pytest.raises(SourceError, match=r"`buyer` is not in people\.name in 1 row"):
        ingest(folder.project)
    declared.write_text(declared.read_text().replace("protect: hash, pattern", "pattern"))
    with pytest.raises(ProjectError, match="are not protected alike"):
        ingest(folder.project)


def test_columns_are_marked(folder: Folder) -> None:
    declare(folder, "")
    ingest(folder.project)
    found = folder.query("select name from meta.columns where pii order by name")
    assert found == [("age",), ("name",)]
