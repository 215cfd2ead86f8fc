"""Which views make a dataset, and what is said when they do not."""

from __future__ import annotations

import pytest

from tests.datasets.conftest import error_of, make
from tests.warehouse.conftest import Folder


def test_rows_of_the_sample_with_the_features_of_each(orders: Folder) -> None:
    made = make(orders, "town", "amount").df(ordered=True)
    assert [*made.columns] == ["id", "customer", "ordered", "paid", "town", "amount", "month"]
    assert made["id"].tolist() == [1, 2, 3, 4, 5]
    assert made["town"].fillna("-").tolist() == ["Ulm", "Bonn", "-", "Ulm", "-"]
    assert made["amount"].dtype == "Int32"
    assert made["amount"].fillna(0).tolist() == [5, 7, 0, 9, 1]


def test_it_knows_what_it_is_made_of(orders: Folder) -> None:
    made = make(orders, "town", "features.amount")
    assert (made.sample_view, made.key, made.target) == ("samples.all_orders", ("id",), "paid")
    assert made.features == ("features.town", "features.amount")
    assert repr(made).startswith("Dataset paid: samples.all_orders + features.town + ")
    first, *_, month = made.columns
    assert (first.name, first.unit, first.description) == ("id", "none", "Number of the order")
    assert (month.name, month.type, month.view) == ("month", "BIGINT", "features.amount")


def test_a_view_of_another_schema_is_named_with_it(orders: Folder) -> None:
    orders.write("data/sql/other/late.sql", "/* {key: id} */ select id, 1 as one from raw.orders")
    assert make(orders, "other.late").features == ("other.late",)


def test_views_of_one_name_in_two_schemas(orders: Folder) -> None:
    orders.write("data/sql/other/town.sql", "/* {key: id} */ select id, 1 as one from raw.orders")
    made = make(orders, "town", "other.town").df(ordered=True)
    assert made[["town", "one"]].iloc[0].tolist() == ["Ulm", 1]


def test_names_that_have_to_be_quoted(orders: Folder) -> None:
    orders.write(
        "data/sql/features/order.sql",
        '/* {key: id} */ select id, 1 as "a b", 2 as "select" from raw.orders',
    )
    made = make(orders, "order")
    assert [*made.df().columns][-2:] == ["a b", "select"]
    assert 'left join features."order" as "order"' in made.sql()


def test_when_features_became_known_is_given_if_asked_for(orders: Folder) -> None:
    assert "since" not in make(orders, "town").df().columns
    made = make(orders, "town", available_at=True).df(ordered=True)
    assert str(made["town_available_at"][0]) == "2025-01-01 00:00:00"


@pytest.mark.parametrize(
    ("features", "what", "hint"),
    [
        ([], "has no features", "data/sql/features"),
        (["twn"], "no view `features.twn`", "did you mean `features.town`"),
        (["town", "TOWN"], "`features.town` is named twice", "once"),
        (["keyless"], "`features.keyless` has no key", "key: [...]"),
        (["raw.customers"], "`raw.customers` has no key", "key: [...]"),
        (["by_town"], "joined on `town`, which `samples.all_orders` does not have", "`town`"),
        (["clash"], "`samples.all_orders` and `features.clash` both have a column `PAID`", "name"),
        (["amount", "clash2"], "`features.amount` and `features.clash2` both have", "rename"),
    ],
)
def test_views_that_do_not_fit(orders: Folder, features: list[str], what: str, hint: str) -> None:
    orders.write("data/sql/features/keyless.sql", "select 1 as a")
    orders.write("data/sql/features/by_town.sql", "/* {key: town} */ select 'Ulm' as town, 1 as a")
    orders.write("data/sql/features/clash.sql", '/* {key: id} */ select 1 as id, 2 as "PAID"')
    orders.write("data/sql/features/clash2.sql", "/* {key: id} */ select 1 as id, 2 as amount")
    error = error_of(orders, *features)
    assert what in error.what
    assert error.hint is not None
    assert hint in error.hint


def test_samples_that_cannot_be_one(orders: Folder) -> None:
    orders.write("data/sql/samples/keyless.sql", "select 1 as id")
    orders.write("data/sql/samples/timeless.sql", "/* {key: id} */ from raw.orders")
    error = error_of(orders, "amount", sample="keyless")
    assert "cannot be the sample" in error.what
    assert str(error.where) == "data/sql/samples/keyless.sql"
    error = error_of(orders, "town", sample="timeless")
    assert "does not say for which moment" in error.what
    assert "no view `samples.all_order`" in error_of(orders, "town", sample="all_order").what


def test_keys_of_two_kinds_are_not_joined(orders: Folder) -> None:
    # DuckDB would take both for the number 1, and double a row without a word.
    twice = "select * from (values ('1', 10), ('01', 11)) t(id, x)"
    orders.write("data/sql/features/texts.sql", f"/* {{key: id}} */ {twice}")
    error = error_of(orders, "texts")
    assert "joined on `id`, which is VARCHAR there and INTEGER in `samples.all_o" in error.what
    assert str(error.where) == "data/sql/features/texts.sql"
    orders.write(
        "data/sql/features/days.sql", "/* {key: ordered} */ select date '2026-01-01' as ordered"
    )
    assert "which is DATE there and TIMESTAMP in" in error_of(orders, "days").what


def test_keys_of_one_kind_may_have_two_types(orders: Folder) -> None:
    for kind in ("bigint", "double", "utinyint", "decimal(9, 2)"):
        orders.write(
            "data/sql/features/wide.sql",
            f"/* {{key: id}} */ select id::{kind} as id, amount from raw.orders",
        )
        assert make(orders, "wide").df(ordered=True)["amount"][0] == 5


def test_no_two_views_are_called_alike(orders: Folder) -> None:
    for name in ("all_orders", "features_all_orders"):
        orders.write(
            f"data/sql/features/{name}.sql",
            f"/* {{key: id}} */ select id, 1 as {name} from raw.orders",
        )
    assert len(make(orders, "all_orders", "features_all_orders").df()) == 5
