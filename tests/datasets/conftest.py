"""A small project: orders that are paid or not, and what was known of them and of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import analysis
from analysis.errors import DatasetError
from analysis.warehouse.datasets.dataset import Dataset
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, folder

__all__ = ["folder"]

SOURCES = """
sources:
  orders:
    description: Orders
    kind: csv
    path: data/raw/orders.csv
    columns:
      id: INTEGER
      customer: VARCHAR
      ordered: TIMESTAMP
      amount: INTEGER
      paid: BOOLEAN
  customers:
    description: Customers
    kind: csv
    path: data/raw/customers.csv
    columns: {customer: VARCHAR, town: VARCHAR, since: TIMESTAMP}
"""
ORDERS = """\
id,customer,ordered,amount,paid
1,ann,2026-01-01 10:00:00,5,true
2,bob,2026-01-02 10:00:00,7,false
3,,2026-01-03 10:00:00,,true
4,ann,2026-02-04 10:00:00,9,true
5,cid,2026-02-05 10:00:00,1,false
"""
CUSTOMERS = """\
customer,town,since
ann,Ulm,2025-01-01 00:00:00
bob,Bonn,2025-06-01 00:00:00
,nowhere,2025-01-01 00:00:00
,nowhere,2025-01-01 00:00:00
"""
SAMPLE = """\
/*
key: id
available_at: ordered
target: paid
columns: {id: {description: Number of the order, unit: none}}
*/
select id, customer, ordered, paid from raw.orders
"""
TOWN = """\
/* {key: customer, available_at: since, columns: {town: Where the customer lives}} */
select customer, town, since from raw.customers
"""
AMOUNT = """\
-- What was ordered.
select id, amount, month(ordered) as month from raw.orders
"""
Make = Callable[..., Dataset]


@pytest.fixture
def orders(folder: Folder) -> Folder:
    """Give the project, not yet ingested."""
    folder.write("data/sources.yml", SOURCES)
    folder.write("data/raw/orders.csv", ORDERS)
    folder.write("data/raw/customers.csv", CUSTOMERS)
    folder.write("data/sql/samples/all_orders.sql", SAMPLE)
    folder.write("data/sql/features/town.sql", TOWN)
    folder.write(
        "data/sql/features/amount.sql", AMOUNT.replace("-- What", "/* {key: id} */ -- What")
    )
    return folder


def make(folder: Folder, *features: str, sample: str = "all_orders", **options: Any) -> Dataset:
    """Bring the warehouse up to date, and make a dataset."""
    ingest(folder.project)
    return analysis.dataset("paid", sample, features, start=folder.root, **options)


def error_of(folder: Folder, *features: str, **options: Any) -> DatasetError:
    """Give the error of making a dataset."""
    with pytest.raises(DatasetError) as caught:
        make(folder, *features, **options)
    return caught.value
