"""Samples, pieces and files."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from analysis.errors import DatasetError
from analysis.warehouse.datasets.dataset import Dataset
from tests.datasets.conftest import make
from tests.warehouse.conftest import Folder

MANY = 10_000


@pytest.fixture
def many(orders: Folder) -> Dataset:
    """Give a dataset of many rows, three in ten of which are of group 0 and missing else."""
    orders.write(
        "data/sql/samples/many.sql",
        "/* {key: n, target: g} */ select (range * 7919) % 10000 as n, case when range % 10 < 3 "
        "then 0 when range % 10 < 9 then 1 end as g from range(10000)",
    )
    orders.write(
        "data/sql/features/double.sql",
        "/* {key: n} */ select range as n, case when range < 9000 then range * 2 end as twice, "
        "range // 1000 as thousand from range(10000)",
    )
    return make(orders, "double", sample="many")


def test_a_sample_has_exactly_so_many_rows_and_is_the_same_each_time(many: Dataset) -> None:
    first = many.sample(137, seed=4)
    assert len(first) == len(set(first["n"])) == 137
    assert first["n"].is_monotonic_increasing
    assert first.equals(many.sample(137, seed=4))
    assert not first.equals(many.sample(137, seed=5))
    assert 350 < many.sample(5000)["twice"].isna().sum() < 650


def test_a_sample_does_not_depend_on_the_order_of_rows(many: Dataset, orders: Folder) -> None:
    before = many.sample(50, stratify="g")
    path = orders.root / "data/sql/samples/many.sql"
    path.write_text(path.read_text() + " order by hash(n)")
    after = make(orders, "double", sample="many").sample(50, stratify="g")
    assert before.equals(after)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(10, {0: 3, 1: 6, None: 1}), (11, {0: 3, 1: 7, None: 1}), (5, {0: 2, 1: 3, None: 0})],
)
def test_each_stratum_gets_its_share(many: Dataset, n: int, expected: dict[int, int]) -> None:
    groups = Counter(
        None if g != g else int(g) for g in many.sample(n, stratify="g")["g"].astype(float)
    )
    assert groups == Counter(expected)


def test_strata_may_be_of_features(many: Dataset) -> None:
    found = many.sample(100, stratify=["thousand", "g"])
    assert len(found) == 100
    assert set(Counter(found["thousand"]).values()) == {10}
    assert [*found.columns] == ["n", "g", "twice", "thousand"]


@pytest.mark.parametrize("n", [0, -1, MANY + 1])
def test_a_sample_that_cannot_be(many: Dataset, n: int) -> None:
    with pytest.raises(DatasetError, match="10,000 rows"):
        many.sample(n)


def test_all_rows_and_unknown_columns(many: Dataset) -> None:
    assert len(many.sample(MANY, stratify="thousand")) == MANY
    with pytest.raises(DatasetError, match="no column `thousnd`"):
        many.sample(5, stratify="thousnd")


def test_chunks_by_a_column(many: Dataset) -> None:
    pieces = list(many.chunks(by="thousand"))
    assert [len(piece) for piece in pieces] == [1000] * 10
    assert [set(piece["thousand"]) for piece in pieces] == [{i} for i in range(10)]
    assert [len(piece) for piece in many.chunks(by="g")] == [3000, 6000, 1000]
    assert sum(len(piece) for piece in many.chunks(by=["g", "thousand"])) == MANY


# DuckDB itself uses it for times with a zone.
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_chunks_by_values_that_python_does_not_have(orders: Folder) -> None:
    orders.write(
        "data/sql/samples/odd.sql",
        "/* {key: id} */ select id, case when id < 3 then 'infinity'::timestamp when id = 3 then "
        "ordered end as never, ordered::timestamptz as zoned, (id / 3)::float as third, "
        "case when id > 1 then [id] end as list from raw.orders",
    )
    made = make(orders, "amount", sample="odd")
    for by, sizes in (("never", [1, 2, 2]), ("zoned", [1] * 5), ("third", [1] * 5)):
        assert [len(piece) for piece in made.chunks(by=by)] == sizes
    assert [piece["id"].tolist() for piece in made.chunks(by="list")] == [[2], [3], [4], [5], [1]]


def test_columns_of_any_name_do_not_disturb_strata(orders: Folder) -> None:
    sql = "select id, paid, 9 - id as _order, 7 as _group, id as size from raw.orders"
    orders.write("data/sql/samples/odd.sql", f"/* {{key: id}} */ {sql}")
    rows = make(orders, "amount", sample="odd").sample(3, stratify="paid")
    assert sorted(rows["paid"]) == [False, True, True]
    assert (rows["_order"] + rows["id"] == 9).all() and (rows["_group"] == 7).all()


@pytest.mark.parametrize("rows", [1500, 2048, 9999, 10_000, 10_001])
def test_chunks_of_rows(many: Dataset, rows: int) -> None:
    pieces = list(many.chunks(rows=rows))
    assert [len(piece) for piece in pieces[:-1]] == [rows] * (MANY // rows - (MANY % rows == 0))
    assert sorted(n for piece in pieces for n in piece["n"]) == list(range(MANY))
    assert all([*piece.index] == list(range(len(piece))) for piece in pieces)


def test_chunks_in_two_ways_or_none(many: Dataset) -> None:
    for wrong in ({}, {"by": "g", "rows": 5}, {"rows": 0}, {"by": []}, {"by": "nothing"}):
        with pytest.raises(DatasetError):
            many.chunks(**wrong)  # type: ignore[arg-type]


def test_head_and_count(many: Dataset) -> None:
    assert many.head(3)["n"].tolist() == [0, 1, 2]
    assert many.count() == MANY


def test_arrow(many: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    assert many.arrow(ordered=True)["twice"][1].as_py() == 2
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DatasetError, match="pyarrow is not installed"):
        many.arrow()


def test_parquet(many: Dataset, tmp_path: Path) -> None:
    path = many.to_parquet(tmp_path / "new" / "it's.parquet", ordered=True)
    with duckdb.connect() as con:
        found = con.execute("select n, twice from read_parquet(?)", [str(path)]).fetchall()
    assert found[:2] == [(0, 0), (1, 2)]
    assert len(found) == MANY
    assert [p.name for p in path.parent.iterdir()] == ["it's.parquet"]
    with pytest.raises(DatasetError, match="is a folder"):
        many.to_parquet(tmp_path)


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    many: Dataset, orders: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"old")
    (orders.root / "data/warehouse.duckdb").unlink()
    with pytest.raises(Exception, match="not built"):
        many.to_parquet(path)
    assert path.read_bytes() == b"old"
    assert [*tmp_path.glob(".*.tmp")] == []
