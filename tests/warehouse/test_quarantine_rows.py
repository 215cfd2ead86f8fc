"""No row is lost: rows in are rows accepted plus rows rejected, whatever is in the file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.warehouse.ingest import IngestOptions, ingest
from tests.warehouse.conftest import Folder

DECLARED = """
sources:
  t:
    description: Anything
    kind: csv
    path: t.csv
    on_violation: quarantine
    contract:
      unique: [[n, word]]
      checks: [{name: short, expect: length(word) < 6}]
    columns:
      n: {type: INTEGER, range: [0, 50], nullable: false}
      word: {type: VARCHAR, values: [a, b, c, longer, " x", "é"]}
      at: {type: DATE}
      part: {type: DOUBLE, unique: true}
"""
VALUES = st.one_of(
    st.sampled_from(["", "1", "2", "50", "51", "a", "b", " x", "é", "longer", "2026-01-01", "nan"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
    st.floats(-5, 60).map(str),
)
ROWS = st.lists(st.lists(VALUES, min_size=4, max_size=4), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def anything(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Give a project whose source sets aside what is wrong with it."""
    folder = Folder(tmp_path_factory.mktemp("rows"))
    folder.write("data/sources.yml", DECLARED)
    return folder


def written(rows: list[list[str]]) -> str:
    """Write rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["n", "word", "at", "part"], *rows])
    return out.getvalue()


def counts(folder: Folder) -> tuple[int, int]:
    """Count the accepted and the rejected rows."""
    accepted = folder.query("select count(*) from raw.t")[0][0]
    tables = folder.query("select count(*) from duckdb_tables() where table_name = 't__rejected'")
    rejected = folder.query("select count(*) from raw.t__rejected")[0][0] if tables[0][0] else 0
    return accepted, rejected


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS)
def test_every_row_is_accepted_or_rejected(anything: Folder, rows: list[list[str]]) -> None:
    Path(anything.root / "t.csv").write_text(written(rows), encoding="utf-8", newline="")
    ingest(anything.project, IngestOptions(force=True))
    accepted, rejected = counts(anything)
    assert accepted + rejected == len(rows)
    told = anything.query("select rows, rejected from meta.sources")
    assert told == [(accepted, rejected)]
    bad = anything.query("select count(*) from raw.t where n is null or n not between 0 and 50")
    assert bad == [(0,)]


@pytest.mark.parametrize("broken", ["1,a\n", "1,a,2026-01-01,1,9,9\n", "1,a,2026-01-01\n"])
def test_broken_lines_count_too(anything: Folder, broken: str) -> None:
    rows = [["1", "a", "2026-01-01", "0.5"], ["2", "b", "", "1"]]
    anything.write("t.csv", written(rows) + broken * 3 + "77,a,,3\n")
    ingest(anything.project, IngestOptions(force=True))
    assert counts(anything) == (2, 4)
