"""SQL views: order, circles, and what is said when one is wrong."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError, ViewError
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder


def error_of(folder: Folder) -> ViewError:
    """Ingest, and give the error."""
    with pytest.raises(ViewError) as caught:
        ingest(folder.project)
    return caught.value


def test_views_are_created_in_the_order_of_what_they_read(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", "select * from samples.b where customers > 0")
    visits.write("data/sql/samples/b.sql", "with c as (from features.c) select * from c")
    visits.write("data/sql/features/c.sql", "-- all\nselect * from raw.visits; -- end")
    told: list[str] = []
    result = ingest(visits.project, report=told.append)
    assert told == ["raw.visits", "features.c", "samples.b", "features.a"]
    assert result.views == ("features.a", "features.c", "samples.b")
    assert visits.query("select shop from features.a") == [("north",)]


def test_references_below_other_clauses_count(visits: Folder) -> None:
    visits.write(
        "data/sql/features/a.sql",
        """
        select day, (select max(customers) from features.z) as most
        from (pivot raw.visits on shop in ('north') using sum(customers))
        where exists (select 1 from features.y) union all by name from features.x
        """,
    )
    for name in "xyz":
        visits.write(f"data/sql/features/{name}.sql", "select day, customers from raw.visits")
    assert ingest(visits.project).changed


def test_circle_is_drawn(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", "select *\nfrom features.b")
    visits.write("data/sql/features/b.sql", "select *\n\nfrom features.c")
    visits.write("data/sql/features/c.sql", "select * from features.b")
    error = error_of(visits)
    assert "features.b → features.c → features.b" in error.what
    assert str(error.where) == "data/sql/features/c.sql:1"


def test_circle_of_three_is_drawn_without_what_leads_to_it(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", "select * from features.b, features.c, raw.visits")
    visits.write("data/sql/features/b.sql", "select *\nfrom features.c")
    visits.write("data/sql/features/c.sql", "select *\nfrom raw.visits\nunion from samples.d")
    visits.write("data/sql/samples/d.sql", "select (select max(day) from features.b) as day")
    error = error_of(visits)
    circle = "features.b → features.c → samples.d → features.b"
    assert error.what == f"views read each other in a circle: {circle}"
    assert str(error.where) == "data/sql/samples/d.sql:1"
    assert error.hint == "take one of these steps out of the circle"


def test_view_that_reads_itself(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", "select * from features.a")
    assert "features.a → features.a" in error_of(visits).what


@pytest.mark.parametrize(
    ("sql", "line", "what", "hint"),
    [
        ("select *\nfrom raw.visit", 2, "no relation `raw.visit`", "`raw.visits`"),
        ("select *\nfrom featurs.ok", 2, "no relation `featurs.ok`", "`features.ok`"),
        ("select *\nfrom visits", 2, "visits does not exist", "`raw.visits`"),
        ("select *\nfrom raw.visits\nwher day", 3, 'syntax error at or near "day"', None),
        ("select\n  dai\nfrom raw.visits", 2, '"dai" not found', "day"),
        ("select\n\n  nofun(day) from raw.visits", 3, "nofun", "Did you mean"),
        ("create table x (a int)", 1, "not one SELECT: create", "file of its own"),
        ("select 1; select 2", 1, "not one SELECT: select, select", "file of its own"),
        ("-- nothing", 1, "there is no statement", "file of its own"),
        ("select * from 'data/raw/visits.csv'", None, "reads a file", "raw.<name>"),
        ("select *\nfrom read_csv('data/raw/visits.csv')", 2, "asks `read_csv`", "raw.<name>"),
        ("select *\nfrom query_table('raw.visits')", 2, "asks `query_table`", "relation itself"),
        ("select 1\nfrom duckdb_tables", 2, "asks `duckdb_tables`", "relation itself"),
        ("select 1 from duckdb_tables()", 1, "asks `duckdb_tables`", "relation itself"),
        ("show all tables", 1, "asks `__show_tables_expanded`", "relation itself"),
    ],
)
def test_wrong_sql(visits: Folder, sql: str, line: int | None, what: str, hint: str | None) -> None:
    visits.write("data/sql/features/ok.sql", "select * from raw.visits")
    visits.write("data/sql/features/wrong.sql", sql)
    error = error_of(visits)
    assert what in error.what
    assert error.where is not None
    assert (error.where.path, error.where.line) == ("data/sql/features/wrong.sql", line)
    assert hint in error.hint if hint and error.hint else error.hint is hint
    assert not visits.project.warehouse.exists()


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("data/sql/loose.sql", "in the folder that is its schema"),
        ("data/sql/features/deep/a.sql", "in the folder that is its schema"),
        ("data/sql/raw/a.sql", "`raw.a` cannot be the name"),
        ("data/sql/features/my view.sql", "`features.my view` cannot be the name"),
    ],
)
def test_wrong_place(visits: Folder, path: str, what: str) -> None:
    visits.write(path, "select 1 as one")
    error = error_of(visits)
    assert what in error.what
    assert error.where is not None
    assert error.where.path == path


@pytest.mark.parametrize(
    ("sql", "line", "what"),
    [
        (b"", 1, "there is no statement"),
        (b"\n\n", 1, "there is no statement"),
        (b"/* description: nothing more */\n", 1, "there is no statement"),
        (b"/* key: day */\nselect day\nfrom raw.visits\nwhere shop = '\xe4'", 4, "not UTF-8"),
        (b"/*\nkey: day\nselect day from raw.visits", 1, "unterminated"),
        (b"/* key: day */\n\nselect day frm raw.visits x y", 3, "syntax error"),
        (b"/* key: day */\nselect 1 as day;\nselect 2 as day;", 1, "not one SELECT"),
        (b"/* key: day */\nselect day, from raw.visits where", 2, "syntax error"),
    ],
)
def test_bad_file_leaves_the_old_warehouse(
    visits: Folder, sql: bytes, line: int, what: str
) -> None:
    ingest(visits.project)
    before = visits.project.warehouse.read_bytes()
    visits.write("data/sql/features/wrong.sql", sql)
    with pytest.raises(AnalysisError) as caught:
        ingest(visits.project)
    assert what in caught.value.what
    assert str(caught.value.where) == f"data/sql/features/wrong.sql:{line}"
    assert visits.project.warehouse.read_bytes() == before
    assert not list((visits.root / "data").glob(".warehouse-*"))


def test_byte_order_mark_and_windows_line_ends(visits: Folder) -> None:
    sql = "/*\r\nkey: day\r\n*/\r\nselect day\r\nfrom raw.visits\r\n"
    visits.write("data/sql/features/a.sql", b"\xef\xbb\xbf" + sql.encode())
    ingest(visits.project)
    key = visits.query("select key from meta.relations where name = 'features.a'")
    assert key == [(["day"],)]


def test_two_thousand_columns(visits: Folder) -> None:
    columns = ", ".join(f"customers + {i} as c{i}" for i in range(2000))
    sql = f"/*\nkey: c{{}}\n*/ select {columns} from raw.visits"
    visits.write("data/sql/features/wide.sql", sql.format(2000))
    error = error_of(visits)
    assert str(error.where) == "data/sql/features/wide.sql:2"
    assert error.hint is not None and "did you mean" in error.hint
    visits.write("data/sql/features/wide.sql", sql.format(1999))
    ingest(visits.project)
    assert visits.query("select count(*) from meta.lineage where exact") == [(2000,)]
