"""Fan-out and leakage, and that each is looked for once."""

from __future__ import annotations

import json

import duckdb
import pytest

from analysis.errors import DatasetError
from analysis.warehouse.datasets import verdicts
from tests.datasets.conftest import CUSTOMERS, ORDERS, error_of, make
from tests.warehouse.conftest import Folder


def test_fan_out_shows_a_key_and_how_often_it_comes(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS + "bob,Rom,\nbob,Rom,\nann,Rom,\n")
    error = error_of(orders, "town")
    assert "customer = bob comes 3 times (2 keys in all)" in error.what
    assert str(error.where) == "data/sql/features/town.sql"


def test_a_missing_key_matches_nothing_and_may_repeat(orders: Folder) -> None:
    assert len(make(orders, "town").df()) == 5


def test_a_sample_has_one_row_a_key_too(orders: Folder) -> None:
    orders.write("data/raw/orders.csv", ORDERS + "5,cid,2026-02-05 10:00:00,1,false\n")
    error = error_of(orders, "town")
    assert "`samples.all_orders` has more than one row a key: id = 5 comes 2 times" in error.what


def test_what_became_known_later_is_a_leak(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS.replace("2025-06-01", "2026-01-03"))
    error = error_of(orders, "town")
    assert "1 row of `samples.all_orders`" in error.what
    assert "id = 2 it became known at 2026-01-03 00:00:00" in error.what
    assert "the sample's time is 2026-01-02 10:00:00" in error.what


def test_times_with_a_zone_are_shown(orders: Folder) -> None:
    late = "select customer, (since + interval '2 years')::timestamptz as since from raw.customers"
    orders.write(
        "data/sql/features/town.sql", f"/* {{key: customer, available_at: since}} */ {late}"
    )
    assert "it became known at 2027-01-01 00:00:00+00, and" in error_of(orders, "town").what


def test_known_at_that_moment_is_in_time(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS.replace("2025-06-01 00", "2026-01-02 10"))
    assert len(make(orders, "town").df()) == 5


def test_a_time_that_is_missing_proves_nothing(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS.replace("2025-06-01 00:00:00", ""))
    assert "became known at no known time" in error_of(orders, "town").what


def test_what_joins_no_row_cannot_leak(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS + "eve,Rom,2030-01-01 00:00:00\n")
    assert len(make(orders, "town").df()) == 5


def made_on(orders: Folder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the checks that are really made."""
    made: list[str] = []
    true = verdicts._make

    def watched(check: verdicts.Check, con: duckdb.DuckDBPyConnection) -> None:
        made.append(type(check).__name__)
        true(check, con)

    monkeypatch.setattr(verdicts, "_make", watched)
    return made


def test_checks_are_made_once_a_content(orders: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_on(orders, monkeypatch)
    make(orders, "town")
    assert made == ["OneRowAKey", "OneRowAKey", "KnownInTime"]
    make(orders, "town")
    assert len(made) == 3
    make(orders, "town", "amount")  # only what is new
    assert made[3:] == ["OneRowAKey"]
    orders.write("data/raw/customers.csv", CUSTOMERS + "eve,Rom,2025-01-01 00:00:00\n")
    make(orders, "town", "amount")
    assert made[4:] == ["OneRowAKey", "KnownInTime"]


def test_a_failure_is_not_remembered_as_passed(orders: Folder) -> None:
    orders.write("data/raw/customers.csv", CUSTOMERS + "ann,Rom,\n")
    assert error_of(orders, "town").what == error_of(orders, "town").what


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"passed": 3}', b"\xff"])
def test_damaged_verdicts_mean_to_check_again(
    orders: Folder, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.write(".analysis/datasets.json", content)
    made = made_on(orders, monkeypatch)
    make(orders, "town")
    assert len(made) == 3
    assert len(json.loads((orders.root / ".analysis/datasets.json").read_text())["passed"]) == 3


def test_a_warehouse_that_was_rebuilt_has_to_be_checked(orders: Folder) -> None:
    made = make(orders, "town")
    orders.write("data/raw/customers.csv", CUSTOMERS + "ann,Rom,\n")
    with pytest.raises(DatasetError, match="has more than one row a key"):
        make(orders, "town")
    with pytest.raises(DatasetError, match="was built anew"):
        made.df()


def test_rows_on_which_a_view_fails(orders: Folder) -> None:
    orders.write(
        "data/sql/features/fails.sql",
        "/* {key: n} */ select customer::int as n, id from raw.orders",
    )
    orders.write("data/sql/samples/n.sql", "/* {key: n} */ select 1 as n")
    assert "Could not convert" in error_of(orders, "fails", sample="n").what
