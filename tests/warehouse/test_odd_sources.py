"""Names, lines and clocks that are odd, but may be; and a disk that is full."""

from __future__ import annotations

import subprocess

import pytest

from analysis.errors import ProjectError
from analysis.warehouse.ingest import ingest
from tests.helpers.projects import ANALYSIS
from tests.warehouse.conftest import Folder, error_of

HEAD = """
sources:
  t:
    description: Odd
    kind: csv
    path: t.csv
    on_violation: quarantine
"""


def test_columns_that_are_called_as_ours_are(folder: Folder) -> None:
    folder.write(
        "data/sources.yml",
        HEAD + "    columns: {row: {type: INTEGER, range: [0, 5]}, reasons: VARCHAR, "
        "order: VARCHAR, r: VARCHAR, f: VARCHAR, 'a \"b': DATE}\n",
    )
    folder.write("t.csv", 'row,reasons,order,r,f,"a ""b"\n1,x,y,z,,2013-01-01\n9,no,y,z,,no\n')
    ingest(folder.project)
    assert folder.query("select row, reasons from raw.t") == [(1, "x")]
    found = folder.query('select row, reasons, "a ""b", _row, len(_reasons) from raw.t__rejected')
    assert found == [("9", "no", "no", 2, 2)]


def test_lines_are_counted_behind_broken_ones(folder: Folder) -> None:
    folder.write(
        "data/sources.yml",
        HEAD + "    columns: {a: {type: INTEGER, on_violation: fail}, b: VARCHAR}\n",
    )
    folder.write("t.csv", 'a,b\n1\n2,x\n3,y,z\n4,"q\nq"\n\n5,x\nBAD,x\n')
    assert str(error_of(folder).where) == "t.csv:9"


def test_lines_are_counted_behind_empty_ones(folder: Folder) -> None:
    declared = HEAD.replace("quarantine", "fail") + "    missing: [NA]\n"
    folder.write("data/sources.yml", declared + "    columns: {a: INTEGER}\n")
    folder.write("t.csv", "a\n1\n\n2\n\nNA\nBAD\n")
    assert str(error_of(folder).where) == "t.csv:7"


def test_broken_lines_are_told(folder: Folder) -> None:
    folder.write("data/sources.yml", HEAD + "    columns: {a: INTEGER, b: VARCHAR}\n")
    folder.write("t.csv", 'a,b\n1,x\n2,"y\n3,z\n')
    told = [str(warning) for warning in ingest(folder.project).warnings]
    assert any("1 line could not be split into columns, the first at t.csv:3" in t for t in told)
    checks = folder.query("select kind, on_violation, violations, passed from meta.checks")
    assert ("lines", "quarantine", 1, False) in checks


def test_a_time_that_is_set_aside_makes_nothing_fresh(folder: Folder) -> None:
    columns = "    columns: {at: {type: TIMESTAMP, range: [2000-01-01, 2030-01-01]}}\n"
    folder.write("data/sources.yml", HEAD + "    time: at\n    contract: {fresh: 36h}\n" + columns)
    folder.write("t.csv", "at\n2013-01-01\n2999-01-01\n")
    assert "its newest row is of 2013-01-01" in error_of(folder).what


@pytest.mark.parametrize("time", ["290000-01-01", "0044-03-15 (BC)", "infinity"])
def test_times_that_python_does_not_know(folder: Folder, time: str) -> None:
    folder.write("data/sources.yml", HEAD + "    time: at\n    columns: {at: TIMESTAMP}\n")
    folder.write("t.csv", f"at\n{time}\n")
    assert ingest(folder.project).sources[0].rows == 1


def test_a_reference_to_what_is_dropped(folder: Folder) -> None:
    column = "{type: INTEGER, pii: true, protect: drop}"
    other = HEAD.replace("sources:\n", "").replace("  t:", "  u:")
    folder.write(
        "data/sources.yml",
        HEAD
        + f"    columns: {{id: {column}, n: VARCHAR}}\n"
        + other.lstrip("\n")
        + f"    columns: {{id: {column[:-1]}, references: t.id}}, n: VARCHAR}}\n",
    )
    folder.write("t.csv", "id,n\n1,x\n")
    assert "`t.id` is dropped" in error_of(folder, ProjectError).what


def test_a_hashed_reference_within_a_source(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANALYSIS_PII_SALT", "salt")
    hashed = "{type: INTEGER, pii: true, protect: hash"
    columns = f"    columns: {{id: {hashed}}}, boss: {hashed}, references: t.id}}}}\n"
    folder.write("data/sources.yml", HEAD + columns)
    folder.write("t.csv", "id,boss\n1,\n2,1\n3,4\n")
    ingest(folder.project)
    assert folder.query("select count(*) from raw.t x join raw.t y on x.boss = y.id") == [(1,)]
    assert folder.query("select _row from raw.t__rejected") == [(3,)]


@pytest.mark.parametrize("rule", ["expect: 'a::int > 3'", "no_rows: select a::int from raw.t"])
def test_no_value_of_a_person_in_the_error_of_a_check(folder: Folder, rule: str) -> None:
    contract = f"    contract: {{checks: [{{name: it, {rule}}}]}}\n"
    folder.write(
        "data/sources.yml", HEAD + contract + "    columns: {a: {type: VARCHAR, pii: true}}\n"
    )
    folder.write("t.csv", "a\nJane Secret\n")
    error = error_of(folder)
    assert "`it` cannot be checked" in error.what
    assert "Jane" not in f"{error.what} {error.hint}"


def test_a_full_disk_is_told(visits: Folder) -> None:
    ingest(visits.project)
    before = visits.project.warehouse.read_bytes()
    visits.write("data/raw/visits.csv", "day,shop,customers\n" + "2026-01-01,north,3\n" * 9)
    command = f"ulimit -f 200; exec {ANALYSIS} ingest"
    done = subprocess.run(["bash", "-c", command], cwd=visits.root, capture_output=True, text=True)
    assert done.returncode == 2
    assert "cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert visits.project.warehouse.read_bytes() == before
