"""Time a dataset of 10 million rows and four feature views beside hand-written DuckDB SQL.

Usage: python benchmarks/datasets.py [--rows N] [--repeats N]

Both read the same warehouse and write the same Parquet file, in turn, in fresh connections. What
the checks cost is shown beside it: they are made once a content.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

import analysis
from analysis.project import open_project
from analysis.warehouse.ingest import ingest

MARK = 1.1
ROWS = 10_000_000
SOURCES = """
sources:
  orders:
    description: Orders
    kind: parquet
    path: data/raw/orders.parquet
    columns: {id: BIGINT, customer: INTEGER, shop: INTEGER, bought: TIMESTAMP, hour: TIMESTAMP,
      amount: DOUBLE, paid: BOOLEAN}
  customers:
    description: Customers
    kind: parquet
    path: data/raw/customers.parquet
    columns: {customer: INTEGER, age: INTEGER, since: TIMESTAMP}
  weather:
    description: Hourly weather at each shop
    kind: parquet
    path: data/raw/weather.parquet
    columns: {shop: INTEGER, hour: TIMESTAMP, temp: DOUBLE, rain: DOUBLE}
"""
RAW = {
    "orders": "select i as id, (hash(i) % 1000000)::int as customer, (i % 100)::int as shop, "
    "timestamp '2020-01-02' + to_minutes(i % 500000) as bought, date_trunc('hour', bought) as hour,"
    " (hash(i, 1) % 10000) / 100 as amount, hash(i, 2) % 3 > 0 as paid from range({rows}) t(i)",
    "customers": "select i::int as customer, (hash(i) % 80)::int as age, "
    "timestamp '2010-01-01' + to_days((i % 3000)::int) as since from range(1000000) t(i)",
    "weather": "select (i % 100)::int as shop, timestamp '2020-01-01' + to_hours(i // 100) as hour,"
    " (hash(i) % 400) / 10 as temp, (hash(i, 1) % 50) / 10 as rain from range(1000000) t(i)",
}
VIEWS = {
    "samples/all_orders": (
        "key: id, available_at: bought, target: paid",
        "select id, customer, shop, bought, hour, paid from raw.orders",
    ),
    "features/what": (
        "key: id",
        "select id, amount, amount > 50 as is_large from raw.orders",
    ),
    "features/who": (
        "key: customer, available_at: since",
        "select customer, age, age // 10 as decade, since from raw.customers",
    ),
    "features/sky": (
        "key: [shop, hour], available_at: hour",
        "select shop, hour, temp, rain from raw.weather",
    ),
    "features/place": (
        "key: shop",
        "select shop, count(*) as size, max(amount) as most from raw.orders group by shop",
    ),
}
BY_HAND = """
select o.id, o.customer, o.shop, o.bought, o.hour, o.paid, w.amount, w.amount > 50 as is_large,
  c.age, c.age // 10 as decade, s.temp, s.rain, p.size, p.most
from raw.orders o
left join raw.orders w on w.id = o.id
left join raw.customers c on c.customer = o.customer
left join raw.weather s on s.shop = o.shop and s.hour = o.hour
left join (
  select shop, count(*) as size, max(amount) as most from raw.orders group by shop
) p on p.shop = o.shop
"""


def write_project(root: Path, rows: int) -> None:
    """Write the project and build its warehouse."""
    (root / "data/raw").mkdir(parents=True)
    (root / "_quarto.yml").write_text("project: {type: website}\n")
    (root / "data/sources.yml").write_text(SOURCES)
    with duckdb.connect() as con:
        for name, sql in RAW.items():
            file = root / f"data/raw/{name}.parquet"
            con.execute(f"copy ({sql.format(rows=rows)}) to '{file}'")
    for name, (header, sql) in VIEWS.items():
        path = root / f"data/sql/{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {{{header}}} */\n{sql}\n")
    ingest(open_project(root))


def timed(action: Callable[[], object]) -> float:
    """Give the seconds that ``action`` takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def by_hand(root: Path, target: Path) -> None:
    """Do what the dataset does, as somebody would without it."""
    with duckdb.connect(str(root / "data/warehouse.duckdb"), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"copy ({BY_HAND}) to '{target}' (format parquet, compression zstd)")


def compare(root: Path, repeats: int) -> bool:
    """Print the times; say whether the mark was reached."""
    made = []

    def make() -> None:
        features = ["what", "who", "sky", "place"]
        made.append(analysis.dataset("paid", "all_orders", features, start=root))

    checked, again = timed(make), timed(make)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(repeats):
        ours.append(timed(lambda: made[-1].to_parquet(root / "ours.parquet")))
        theirs.append(timed(lambda: by_hand(root, root / "theirs.parquet")))
    with duckdb.connect() as con:
        same = "select (select sum(hash(t)::hugeint) from 'ours.parquet' t) = (select "
        same += "sum(hash(t)::hugeint) from 'theirs.parquet' t)"
        for name in ("ours", "theirs"):
            same = same.replace(f"'{name}.parquet'", f"'{root}/{name}.parquet'")
        if con.execute(same).fetchall() != [(True,)]:
            sys.exit("the two queries give different rows")
    ratio = statistics.median(ours) / statistics.median(theirs)
    for name, taken in (("dataset", ours), ("by hand", theirs)):
        spread = f"({min(taken):.2f} to {max(taken):.2f})"
        print(f"{name:<12}{statistics.median(taken):>8.2f} s {spread:>18}")
    print(f"{'ratio':<12}{ratio:>8.2f}{'':>8}mark {MARK}  {'ok' if ratio <= MARK else 'MISSED'}")
    print(f"{'checks':<12}{checked:>8.2f} s the first time, {again:.2f} s after that")
    return ratio <= MARK


def main() -> None:
    """Read the options and measure; the exit code is 1 if the mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write_project(root, chosen.rows)
        print(f"{chosen.rows:,} rows, four feature views, median of {chosen.repeats}")
        sys.exit(0 if compare(root, chosen.repeats) else 1)


if __name__ == "__main__":
    main()
