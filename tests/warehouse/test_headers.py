"""Headers of views: what they say in the dictionary, and what is said when one is wrong."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError, ProjectError, ViewError
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder

HEADER = """\
/*
description: Days on which people came
owner: Shops
key: [day, shop]
available_at: day
columns:
  busy: More than two came
  customers: {description: Those counted, unit: heads}
*/
select day, shop, customers, customers > 2 as busy, customers as guests from raw.visits
"""


def error_of(folder: Folder, header: str) -> AnalysisError:
    """Ingest a view with ``header``, and give the error."""
    sql = "select day, shop, customers from raw.visits"
    folder.write("data/sql/features/a.sql", f"/*\n{header}\n*/\n{sql}\n")
    with pytest.raises(AnalysisError) as caught:
        ingest(folder.project)
    assert not folder.project.warehouse.exists()
    return caught.value


def test_header_is_told_in_the_dictionary(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", HEADER)
    ingest(visits.project)
    [row] = visits.query(
        "select description, owner, key, available_at, target, materialized, rows "
        "from meta.relations where name = 'features.a'"
    )
    told = "Days on which people came"
    assert row == (told, "Shops", ["day", "shop"], "day", None, False, None)


def test_columns_have_their_own_meaning_or_that_of_what_they_pass_on(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", HEADER)
    visits.write(
        "data/sql/features/b.sql", "select busy, guests, guests + 1 as more from features.a"
    )
    visits.write("data/sql/features/c.sql", "select guests from features.a union from features.b_")
    visits.write("data/sql/features/b_.sql", "select guests from features.b")
    ingest(visits.project)
    found = visits.query(
        "select relation, name, description, unit from meta.columns "
        "where schema = 'features' and name <> 'day' order by relation, position"
    )
    assert found == [
        ("a", "shop", None, None),
        ("a", "customers", "Those counted", "heads"),
        ("a", "busy", "More than two came", None),
        ("a", "guests", "People who came in", "people"),
        ("b", "busy", "More than two came", None),
        ("b", "guests", "People who came in", "people"),
        ("b", "more", None, None),
        ("b_", "guests", "People who came in", "people"),
        # This one comes from two columns, which need not mean the same.
        ("c", "guests", None, None),
    ]


def test_comments_stand_in_the_warehouse(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", HEADER)
    visits.write("data/sql/features/t.sql", HEADER.replace("owner: Shops", "materialized: true"))
    ingest(visits.project)
    tables = "select comment from duckdb_tables() where table_name = 't'"
    views = "select comment from duckdb_views() where view_name = 'a'"
    assert visits.query(f"{tables} union all {views}") == [("Days on which people came",)] * 2
    comments = visits.query(
        "select table_name, comment from duckdb_columns() "
        "where column_name = 'customers' and schema_name = 'features' order by all"
    )
    assert comments == [("a", "Those counted (heads)"), ("t", "Those counted (heads)")]


@pytest.mark.parametrize(
    ("header", "line", "what", "hint"),
    [
        ("key: dai", 2, "no column `dai`, which `key`", "did you mean `day`?"),
        ("key:\n- day\n- shopp", 4, "no column `shopp`, which `key`", "`shop`"),
        ("key: DAY", 2, "no column `DAY`", "did you mean `day`?"),
        ("owner: me\navailable_at: dya", 3, "`dya`, which `available_at`", "`day`"),
        ("target: zzz", 2, "`zzz`, which `target`", "it has `day`, `shop`, `customers`"),
        ("columns:\n  day: A\n  custmers: B", 4, "`custmers`, which `columns`", "`customers`"),
        ("available_at: shop", 2, "`shop`, which is of type VARCHAR", "DATE or a TIMESTAMP"),
    ],
)
def test_header_that_names_no_column(
    visits: Folder, header: str, line: int, what: str, hint: str
) -> None:
    error = error_of(visits, header)
    assert isinstance(error, ViewError)
    assert str(error.where) == f"data/sql/features/a.sql:{line}"
    assert what in error.what
    assert error.hint is not None and hint in error.hint


@pytest.mark.parametrize(
    ("header", "line", "what"),
    [
        ("owner: me\ndescripton: x", 3, "unknown key `descripton`"),
        ("columns:\n  day: {descr: x}", 3, "unknown key `columns.day.descr`"),
        ("key: 3", 2, "`key`"),
        ("materialized: maybe", 2, "`materialized`"),
        ("columns: [day]", 2, "`columns`"),
        ("description: a: b", 2, "not valid YAML"),
        ("key: day\nkey: shop", 3, "a second time"),
        ("description: [", 2, "not valid YAML"),
    ],
)
def test_header_that_is_wrong_yaml(visits: Folder, header: str, line: int, what: str) -> None:
    error = error_of(visits, header)
    assert isinstance(error, ProjectError)
    assert what in error.what
    assert error.where is not None
    assert error.where.path == "data/sql/features/a.sql"
    assert error.where.line in (line, line + 1)


def test_comment_that_is_no_header(visits: Folder) -> None:
    error = error_of(visits, "a remark")
    assert "not keys with values" in error.what
    assert error.hint is not None and "`--`" in error.hint


def test_remark_is_a_description(visits: Folder) -> None:
    visits.write("data/sql/features/a.sql", "-- Every\n-- visit.\nselect * from raw.visits")
    ingest(visits.project)
    told = "select description from meta.relations where name = 'features.a'"
    assert visits.query(told) == [("Every visit.",)]
