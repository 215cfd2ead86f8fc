"""One query that stands for itself: the same rows in every database that runs here."""

from __future__ import annotations

import re

import duckdb
import pytest
import sqlglot

from analysis.errors import DatasetError
from analysis.warehouse.datasets.dataset import Dataset
from tests.datasets.conftest import SOURCES, make
from tests.datasets.databases import Run, in_duckdb, in_postgres, in_sqlite, sorted_rows, tables_of
from tests.helpers.postgres import Postgres
from tests.warehouse.conftest import Folder

HERE = ("duckdb", "sqlite", "postgres")
ELSEWHERE = ("spark", "bigquery")
ORDERS = {"orders": "true", "customers": "true"}
SHARES = """
  shares:
    description: Shares
    kind: csv
    path: data/raw/shares.csv
    columns: {share: FLOAT}
"""
# Written for DuckDB; each means something else, or nothing, in one of the others as it stands.
PORTABLE = """
/* {key: id} */
with lines as (
  select
    *,
    year(ordered) as y, extract(month from ordered) as m, day(ordered) as d, hour(ordered) as h,
    minute(ordered) as mi, quarter(ordered) as q, isodow(ordered) as w, dayofweek(ordered) as dow,
    dayofyear(ordered) as doy,
    make_date(2026, id, id) as made,
    amount / 2 as half, amount / id / 2 as half_a_share, coalesce(amount / 2, 1) / 2 as fourth,
    (case when paid then 1 else 2.5 end) / 4 as parts,
    amount // 2 as whole, amount % 2 as odd, -amount // 2 as negative,
    ordered + interval '90 minutes' as later, ordered - id * interval '1 day' as before,
    date_trunc('day', ordered) as midnight,
    round(amount / 2) as rounded, abs(amount - 6) as distance,
    (case when amount > 6 then 'big' else 'small' end)::enum('small', 'big') as size,
    half + 1 as more,
    amount + 100 as id2
  from raw.orders
),
customers as (
  select customer, count(*) as n, count(*) filter (where paid) as n_paid, sum(amount) as total,
    sum(amount) filter (where not paid) as unpaid, max(ordered) as newest
  from lines
  group by all
)
select
  lines.* exclude (customer, ordered, paid), n, n_paid, total, unpaid, newest,
  lines.customer is not distinct from customers.customer as same,
  row_number() over (partition by lines.customer order by amount desc, id) as place,
  lag(amount) over w as previous,
  coalesce(amount, 0) as amount_or_none,
  avg(amount) over w as mean,
  size = 'big' as is_big
from lines left join customers on lines.customer = customers.customer
window w as (order by id rows between 2 preceding and current row)
"""


@pytest.fixture(params=HERE)
def database(request: pytest.FixtureRequest) -> tuple[str, Run]:
    """Give each database that can run here."""
    if request.param == "postgres":
        return "postgres", in_postgres(request.getfixturevalue("postgres"))
    return request.param, {"duckdb": in_duckdb, "sqlite": in_sqlite}[request.param]


def rows_in(database: tuple[str, Run], folder: Folder, made: Dataset) -> None:
    """See that a database gives the rows that the warehouse gives."""
    dialect, run = database
    with duckdb.connect(str(folder.project.warehouse), read_only=True) as con:
        tables = tables_of(con, ORDERS)
        expected = sorted_rows(con.execute(made.sql()).fetchall())
    assert run(made.sql(inline=True, dialect=dialect), tables) == expected


def test_same_rows(orders: Folder, database: tuple[str, Run]) -> None:
    orders.write("data/sql/features/much.sql", PORTABLE)
    rows_in(database, orders, make(orders, "town", "much"))


@pytest.mark.parametrize(
    "sql",
    [
        # The column comes first, then the name that SELECT gives.
        "select id + 1 as shifted, id as key, amount + 1 as amount, amount * 2 as twice "
        "from raw.orders where amount > 5",
        "select id as key, amount as a, a + 1 as b, b + 1 as c from raw.orders where c > 8",
        "with orders as (select * from raw.orders) select orders.id as key, amount from orders",
        "with features_town as (select 9 as x) select id as key, x, town from raw.orders "
        "join features.town using (customer), features_town",
        "select raw.orders.id as key, town.town as place from raw.orders join features.town "
        "on raw.orders.customer = town.customer -- the end",
        "select key, max(amount) as most from (select id // 2 as key, amount from raw.orders) "
        "group by key having most > 5 and count(*) > 1;",
        "select id as key, amount from raw.orders qualify row_number() over "
        "(partition by customer order by id) = 1",
        "select id as key, 'a' || customer as \"The Name\" from raw.orders where customer in "
        "(select customer from raw.customers) and exists (select 1 from features.town t "
        "where t.customer = orders.customer)",
        "select id as key, 1 as n from raw.orders where id < 3 union all "
        "select id, 2 from raw.orders where id >= 3",
        "select id as key, count(*) as n, 7 as seven from raw.orders group by all",
        "select id as key, 'two\n lines' as text from raw.orders",
        "select amount + 1 as key, count(*) as n from raw.orders where amount > 1 group by amount "
        "having amount > 5",
        "select id as key, case when paid then amount end as a, id - 1 + 0.5 as b from raw.orders "
        "where ordered between timestamp '2026-01-02 10:00:00' and timestamp '2026-02-04 10:00:00' "
        "and ordered::date <> date '2026-01-03' and customer in ('ann', 'bob')",
        "from (select id as key, paid and amount > 1 as both, not paid as open from raw.orders)",
    ],
)
def test_ways_to_write_a_view(orders: Folder, database: tuple[str, Run], sql: str) -> None:
    orders.write("data/sql/features/much.sql", "/* {key: key} */\n" + sql)
    orders.write("data/sql/samples/keys.sql", "/* {key: key} */ select id as key from raw.orders")
    rows_in(database, orders, make(orders, "much", sample="keys"))


@pytest.mark.parametrize("dialect", ELSEWHERE)
def test_what_cannot_run_here_is_read_by_sqlglot(orders: Folder, dialect: str) -> None:
    sql = PORTABLE.replace("date_trunc('day', ordered)", "ordered")
    sql = sql.replace("order by id rows", "order by id nulls first rows")
    orders.write("data/sql/features/much.sql", sql)
    written = make(orders, "town", "much").sql(inline=True, dialect=dialect)
    tree = sqlglot.parse_one(written, dialect=dialect)
    assert [*tree.named_selects][:4] == ["id", "customer", "ordered", "paid"]
    assert not re.search("(?i)enum|exclude|group by all", written)


def test_own_schemas_are_not_named(orders: Folder) -> None:
    for dialect in (*HERE, *ELSEWHERE):
        written = make(orders, "town", "amount").sql(inline=True, dialect=dialect)
        assert not re.search(r"\b(raw|features|samples)[`\"]?\.", written)


def test_tables_may_have_other_names(orders: Folder, postgres: Postgres) -> None:
    made = make(orders, "town")
    tables = {"raw.orders": "shop.sales", "features.town": "shop.town"}
    for dialect in ("duckdb", "postgres"):
        written = made.sql(inline=True, dialect=dialect, tables=tables)
        assert "sales" in written
        assert "customers" not in written
        with postgres.database("names") as con:
            con.execute("create schema shop")
            con.execute(
                "create table shop.sales (id int, customer text, ordered timestamp, paid bool)"
            )
            con.execute("create table shop.town (customer text, town text, since timestamp)")
            con.execute("insert into shop.sales values (1, 'a', now(), true)")
            assert len(con.execute(written).fetchall()) == 1


@pytest.mark.parametrize(
    ("sql", "line", "what"),
    [
        ("select id,\n arg_max(amount, id) as x from raw.orders group by id", 3, "`arg_max()`"),
        ("select id,\n median(amount) as x from raw.orders group by id", 3, "`median()`"),
        ("select id,\n strftime(ordered, '%Y') as x from raw.orders", 3, "`strftime"),
        ("select distinct on (id) id,\n 1 as x from raw.orders", 2, "`distinct`"),
        ("select id, (amount / 2)::int as x from raw.orders", 2, "from double to int"),
        ("select id, round(amount / 3, 2) as x from raw.orders", 2, "`decimals` of `round()`"),
        ("select id, 1 as x from raw.orders union by name select 1 as x, 2 as id", 2, "`by name`"),
        ("select id,\n max((case when paid then 'b' else 'a' end)::enum('b', 'a')) as x\n"
         "from raw.orders group by id", 3, "an enum is ordered as it lists"),
        ("select id, 1 as x from raw.orders\n order by all limit 2", 2, "`order by all`"),
        ("select id, x from raw.orders,\n unnest([1]) t(x)", 3, "`unnest()`"),
        ("select id, [id] as x from raw.orders", 2, "`array"),
        ("select id, any_value(amount) as x from raw.orders group by id", 2, "any_value"),
        ("select id, x from raw.orders positional join (select 1 as x)", 2, "`positional join`"),
        ("select id, ordered - timestamp '2026-01-01' as x from raw.orders", 2, "`-` is known"),
        ("select id, ordered::date + 1 as x from raw.orders", 2, "`+` is known for numbers"),
        ("select id, (amount / 2) % 2 as x from raw.orders", 2, "`%` is known for whole numbers"),
        ("select id, hour(ordered::timestamptz) as x from raw.orders", 2, "to timestamptz"),
    ],
)  # fmt: skip
def test_what_is_not_known_to_mean_the_same_is_refused(
    orders: Folder, sql: str, line: int, what: str
) -> None:
    orders.write("data/sql/features/bad.sql", f"/* {{key: id}} */\n{sql}")
    made = make(orders, "bad")
    assert "features_bad" in made.sql(inline=True)
    for dialect in ("postgres", "sqlite", *ELSEWHERE):
        with pytest.raises(DatasetError) as caught:
            made.sql(inline=True, dialect=dialect)
        assert what in caught.value.what
        assert str(caught.value.where) == f"data/sql/features/bad.sql:{line}"


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ("'5' = amount as x", "a number and a text do not go together"),
        ("paid = 1 as x", "a number and true or false do not go"),
        ("case amount when '5' then 1 end as x", "a number and a text"),
        ("coalesce(amount, '5') as x", "a number and a text do not"),
        ("customer as x from raw.orders union all select 9, 9", "a number and a text"),
        ("amount and paid as x", "a number is no condition"),
        ("max(paid) as x from raw.orders group by id", "`max()` of true and false"),
        ("sum(paid) as x from raw.orders group by id", "sums and means of boolean"),
        ("avg(ordered) as x from raw.orders group by id", "sums and means of timestamp"),
        ("max(amount order by amount) as x from raw.orders group by id", "`order by`"),
        ("count(distinct paid) over () as x", "`distinct` over a window"),
        ("amount::uinteger as x", "from int to uint"),
        ("date '2026-1-5' as x", "'2026-1-5' may be no time"),
        ("hour(ordered::date) as x", "a day has no `hour`"),
        ("share * 2 as x from raw.orders, raw.shares", "a FLOAT has other digits"),
        ("share > 0.1 as x from raw.orders, raw.shares", "a FLOAT has other digits"),
    ],
)
def test_what_goes_by_other_types_elsewhere_is_refused(
    orders: Folder, columns: str, what: str
) -> None:
    orders.write("data/sources.yml", SOURCES + SHARES)
    orders.write("data/raw/shares.csv", "share\n0.1\n")
    sql = columns if " from " in columns else f"{columns} from raw.orders"
    orders.write("data/sql/features/bad.sql", f"/* {{key: id}} */ select id, {sql}")
    made = make(orders, "bad")
    for dialect in ("postgres", "sqlite", *ELSEWHERE):
        with pytest.raises(DatasetError, match=re.escape(what)):
            made.sql(inline=True, dialect=dialect)


def test_what_only_some_databases_know(orders: Folder) -> None:
    for sql, dialects in (
        ("customer like '100\\%'", ("postgres", "spark", "bigquery")),
        ("lower(customer) = 'ann'", ("postgres", "sqlite")),
        ("amount + 0.1 = 5.1", ("sqlite",)),
        ("ordered = timestamp '2026-01-01 10:00:00.5'", ("sqlite",)),
        ("ordered + amount / 2 * interval '1 hour' > ordered", ("sqlite",)),
        ("coalesce(ordered, ordered::date) = ordered", ("sqlite",)),
    ):
        orders.write(
            "data/sql/features/bad.sql", f"/* {{key: id}} */ select id, {sql} as x from raw.orders"
        )
        made = make(orders, "bad")
        for dialect in dialects:
            with pytest.raises(DatasetError, match=dialect):
                made.sql(inline=True, dialect=dialect)


def test_days_and_times_are_not_mixed_in_sqlite(orders: Folder) -> None:
    for condition in ("ordered > date '2026-01-02'", "ordered = '2026-01-02'"):
        sql = f"/* {{key: id}} */ select id, 1 as one from raw.orders where {condition}"
        orders.write("data/sql/features/bad.sql", sql)
        made = make(orders, "bad")
        assert made.sql(inline=True, dialect="postgres")
        with pytest.raises(DatasetError, match="in sqlite"):
            made.sql(inline=True, dialect="sqlite")


def test_mistakes_in_the_call(orders: Folder) -> None:
    made = make(orders, "town")
    for options, what in (
        ({"dialect": "postgres"}, "stands for itself"),
        ({"inline": True, "dialect": "oracle"}, "no dialect `oracle`"),
        ({"inline": True, "tables": {"raw.order": "x"}}, "no relation `raw.order`"),
        ({"inline": True, "tables": {"raw.orders": "a b"}}, "`a b` is not the name of a table"),
        ({"inline": True, "tables": {"raw.orders": "(select 1)"}}, "is not the name of a table"),
        ({"inline": True, "tables": {"raw.orders": "a; drop table b"}}, "is not the name of a"),
        ({"inline": True, "tables": {"raw.orders": ""}}, "is not the name of a table"),
    ):
        with pytest.raises(DatasetError, match=what):
            made.sql(**options)  # type: ignore[arg-type]
