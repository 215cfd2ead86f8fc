"""Building the warehouse, and not building it when nothing changed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from analysis.errors import AnalysisError, SourceError
from analysis.files import project_lock
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder

TWO = """
sources:
  b: {description: B, kind: csv, path: data/raw/b.csv, columns: {x: INTEGER}}
  a: {description: A, kind: csv, path: data/raw/a.csv, columns: {x: INTEGER}}
"""


def fingerprint(folder: Folder) -> str:
    """Read the fingerprint as other packages do."""
    text = (folder.root / "data" / "warehouse.json").read_text()
    return str(json.loads(text)["fingerprint"])


@pytest.fixture
def two(folder: Folder) -> Folder:
    """Give a project with two sources and two views."""
    folder.write("data/sources.yml", TWO)
    folder.write("data/raw/a.csv", "x\n1\n2\n")
    folder.write("data/raw/b.csv", "x\n3\n")
    folder.write("data/sql/features/sums.sql", "select sum(x) as s from raw.a\n")
    folder.write("data/sql/reports/total.sql", "select s + 1 as t from features.sums\n")
    return folder


def test_ingest_gives_tables_with_declared_types_and_a_result(visits: Folder) -> None:
    told: list[str] = []
    result = ingest(visits.project, report=told.append)
    assert told == ["raw.visits"]
    assert [(s.name, s.rows, s.changed) for s in result.sources] == [("visits", 2, True)]
    assert result.changed
    assert visits.query("select typeof(day), shop, customers from raw.visits") == [
        ("DATE", "north", 3),
        ("DATE", "south", None),
    ]
    assert sorted(path.name for path in (visits.root / "data").iterdir()) == [
        "raw",
        "sources.lock",
        "sources.yml",
        "warehouse.duckdb",
        "warehouse.json",
    ]


def test_second_ingest_does_nothing(two: Folder) -> None:
    first = ingest(two.project)
    before = two.project.warehouse.stat()
    told: list[str] = []
    second = ingest(two.project, report=told.append)
    after = two.project.warehouse.stat()
    assert not second.changed
    assert told == []
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert second.fingerprint == first.fingerprint
    assert second.views == first.views == ("features.sums", "reports.total")


def test_second_ingest_imports_no_heavy_library(two: Folder) -> None:
    ingest(two.project)
    script = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from analysis.project import open_project
        from analysis.warehouse.ingest import IngestOptions, ingest
        assert not ingest(open_project(Path({str(two.root)!r}))).changed
        assert not {{"duckdb", "pandas", "sqlglot"}} & set(sys.modules)
        """
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/sources.yml", "# a comment\n" + TWO.replace("\n  b:", "\n\n  b:  ")),
        ("data/raw/a.csv", "x\n1\n2\n"),
        ("data/raw/unused.csv", "y\n1\n"),
    ],
)
def test_what_does_not_matter_changes_nothing(two: Folder, name: str, content: str) -> None:
    ingest(two.project)
    two.write(name, content)
    assert not ingest(two.project).changed


def test_order_of_declarations_does_not_matter(two: Folder) -> None:
    ingest(two.project)
    first, second = TWO.strip().splitlines()[1:]
    two.write("data/sources.yml", f"sources:\n{second}\n{first}\n")
    assert not ingest(two.project).changed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data/raw/a.csv", "x\n1\n7\n"),
        ("data/sources.yml", TWO.replace("x: INTEGER", "x: BIGINT", 1)),
        ("data/sources.yml", TWO.replace("description: B", "description: Bees")),
        ("data/sql/features/sums.sql", "select sum(x) + 1 as s from raw.a\n"),
        ("data/sql/features/more.sql", "select * from raw.b\n"),
    ],
)
def test_what_matters_changes_the_fingerprint(two: Folder, name: str, content: str) -> None:
    first = ingest(two.project)
    two.write(name, content)
    second = ingest(two.project)
    assert second.changed
    assert fingerprint(two) == second.fingerprint != first.fingerprint


def test_comment_in_a_view_rebuilds_but_keeps_the_fingerprint(two: Folder) -> None:
    first = ingest(two.project)
    two.write("data/sql/features/sums.sql", "-- now told\nselect sum(x) as s\n  from raw.a;\n")
    second = ingest(two.project)
    assert second.changed
    assert second.fingerprint == first.fingerprint


def test_fingerprint_is_of_content_not_of_order(two: Folder) -> None:
    first = ingest(two.project)
    two.write("data/raw/a.csv", "x\n2\n1\n")
    second = ingest(two.project)
    assert second.changed
    assert second.fingerprint == first.fingerprint


def test_unchanged_table_is_copied_and_not_read_again(two: Folder) -> None:
    ingest(two.project)
    two.write("data/raw/b.csv", "x\n3\n4\n")
    result = ingest(two.project)
    assert [(s.name, s.changed) for s in result.sources] == [("a", False), ("b", True)]
    assert two.query("select x from raw.a order by x") == [(1,), (2,)]
    assert two.query("select x from raw.b order by x") == [(3,), (4,)]


def test_force_reads_all_again(two: Folder) -> None:
    first = ingest(two.project)
    second = ingest(two.project, IngestOptions(force=True))
    assert [s.changed for s in second.sources] == [True, True]
    assert second.fingerprint == first.fingerprint


@pytest.mark.parametrize("damage", ["no record", "torn record", "other record", "no file", "cut"])
def test_damage_leads_to_a_rebuild(two: Folder, damage: str) -> None:
    first = ingest(two.project)
    warehouse, record = two.project.warehouse, two.root / "data" / "warehouse.json"
    if damage == "no record":
        record.unlink()
    elif damage == "torn record":
        record.write_bytes(record.read_bytes()[:50])
    elif damage == "other record":
        record.write_text("[1, 2]")
    elif damage == "no file":
        warehouse.unlink()
    else:
        warehouse.write_bytes(warehouse.read_bytes()[:9000])
    second = ingest(two.project)
    assert second.changed
    assert second.fingerprint == first.fingerprint
    assert two.query("select t from reports.total") == [(4,)]


def test_damage_inside_the_old_warehouse_does_not_stop_the_next(two: Folder) -> None:
    ingest(two.project)
    warehouse = two.project.warehouse
    warehouse.write_bytes(b"\x00" * warehouse.stat().st_size)
    two.write("data/sql/features/sums.sql", "select count(*) as s from raw.a\n")
    ingest(two.project)
    assert two.query("select t from reports.total") == [(3,)]


def test_left_over_write_ahead_log_is_not_mixed_with_the_new_file(visits: Folder) -> None:
    visits.write("data/warehouse.duckdb.wal", b"left by a crashed program")
    ingest(visits.project)
    assert visits.query("select count(*) from raw.visits") == [(2,)]


def test_failed_ingest_leaves_all_as_it_was(two: Folder) -> None:
    ingest(two.project)
    files = {p: p.read_bytes() for p in (two.root / "data").glob("warehouse.*")}
    two.write("data/raw/b.csv", "x\nthree\n")
    with pytest.raises(SourceError):
        ingest(two.project)
    assert {p: p.read_bytes() for p in (two.root / "data").glob("*warehouse*")} == files


def test_open_reader_keeps_the_old_warehouse(visits: Folder) -> None:
    ingest(visits.project)
    with duckdb.connect(str(visits.project.warehouse), read_only=True) as reader:
        visits.write("data/raw/visits.csv", VISITS_CSV + "2026-01-03,west,9\n")
        ingest(visits.project)
        assert reader.execute("select count(*) from raw.visits").fetchall() == [(2,)]
    assert visits.query("select count(*) from raw.visits") == [(3,)]


def run_ingest(folder: Folder, report: str = "lambda name: None") -> subprocess.Popen[bytes]:
    """Start an ingest in another process, under the project's lock."""
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from analysis.files import project_lock
        from analysis.project import open_project
        from analysis.warehouse.ingest import IngestOptions, ingest
        project = open_project(Path({str(folder.root)!r}))
        with project_lock(project.work_dir / "lock"):
            print(ingest(project, report={report}).changed)
        """
    )
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)


def test_kill_in_the_middle_leaves_the_old_warehouse(two: Folder) -> None:
    ingest(two.project)
    two.write("data/raw/a.csv", "x\n10\n")
    killed = run_ingest(
        two, "lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == 'raw.b' else None"
    )
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert list((two.root / "data").glob(".warehouse-*"))
    assert two.query("select t from reports.total") == [(4,)]
    assert ingest(two.project).changed
    assert not list((two.root / "data").glob(".warehouse-*"))
    assert two.query("select t from reports.total") == [(11,)]


def test_two_processes_build_once(two: Folder) -> None:
    with project_lock(two.project.work_dir / "lock"):
        both = [run_ingest(two), run_ingest(two)]
    said = sorted(process.communicate()[0].decode().strip() for process in both)
    assert said == ["False", "True"]
    assert two.query("select t from reports.total") == [(4,)]


def test_dictionary_is_in_the_warehouse(visits: Folder) -> None:
    visits.write("data/sql/features/busy.sql", "select * from raw.visits where customers > 1\n")
    ingest(visits.project)
    assert visits.query(
        "select schema, relation, name, type, unit, description from meta.columns "
        "where name = 'customers' order by schema"
    ) == [
        ("features", "busy", "customers", "INTEGER", "people", "People who came in"),
        ("raw", "visits", "customers", "INTEGER", "people", "People who came in"),
    ]
    assert visits.query("select name, description, rows from meta.sources") == [
        ("visits", "Visits to a shop", 2)
    ]
    assert visits.query("select comment from duckdb_tables() where table_name = 'visits'") == [
        ("Visits to a shop",)
    ]
    assert (
        visits.query("select comment from duckdb_columns() where comment is not null")
        == [("People who came in (people)",)] * 2
    )


def test_project_without_sources_is_told_what_to_do(folder: Folder) -> None:
    with pytest.raises(AnalysisError, match=r"there is no data/sources\.yml"):
        ingest(folder.project)


def test_folder_with_odd_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "it's [a] *größe*, ok")
    folder.write("data/sources.yml", VISITS)
    folder.write("data/raw/visits.csv", VISITS_CSV)
    assert ingest(folder.project).sources[0].rows == 2
    assert ingest(folder.project, IngestOptions(force=True)).changed
