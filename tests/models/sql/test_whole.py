"""A dataset and a model as one query: in the warehouse, and where only the sources' tables are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import analysis
from analysis.errors import DatasetError, ModelError
from analysis.models.bundle.record import Bundle, Field, KeyField, Output
from analysis.models.predicting.frame import frame_of
from analysis.models.predicting.predictor import Predictor
from analysis.models.sql.term import UncompilableError
from analysis.models.sql.whole import model_sql
from analysis.warehouse.ingest import ingest
from tests.datasets.conftest import folder, orders
from tests.datasets.databases import in_duckdb, in_postgres, in_sqlite, tables_of
from tests.helpers.bundles import bundle_of
from tests.helpers.postgres import Postgres
from tests.helpers.prediction_sql import plain_field
from tests.warehouse.conftest import Folder

__all__ = ["folder", "orders"]

TABLES = {"orders": "true", "customers": "true"}
FIELDS = (
    replace(plain_field("customer", "category", ("ann", "bob", "cid")), relation="samples.all"),
    replace(plain_field("town", "category", ("Bonn", "Ulm")), relation="features.town"),
    replace(plain_field("Month", "integer"), relation="features.amount"),
    replace(plain_field("amount", "integer"), relation="features.amount"),
)
SAMPLE = """
/* {key: id, available_at: ordered, target: paid} */
select id, customer, ordered, paid, 1 as not_needed from raw.orders
"""
# Of other orders, and nobody knows yet whether they will be paid.
NEW = """
/* {key: id, available_at: ordered} */
select id, customer, ordered from raw.orders where id > 2
"""
OTHER = """
/* {key: [id, customer], available_at: ordered} */
select id, coalesce(customer, '') as customer, ordered from raw.orders
"""
UNUSED = "/* {key: id} */ select id, 2 as two from raw.orders"
AMOUNT = '/* {key: id} */ select id, amount, month(ordered) as "Month", 1 as more from raw.orders'


@pytest.fixture
def shop(orders: Folder) -> Folder:
    """Give the project, with another sample."""
    samples = {"all": SAMPLE, "new": NEW, "other": OTHER}
    for name, sql in samples.items():
        orders.write(f"data/sql/samples/{name}.sql", sql)
    orders.write("data/sql/features/amount.sql", AMOUNT)
    orders.write("data/sql/features/unused.sql", UNUSED)
    ingest(orders.project)
    return orders


def _bundle(fields: tuple[Field, ...] = FIELDS) -> Bundle:
    return replace(
        bundle_of("binary"),
        fields=fields,
        sample="samples.all",
        features={
            "samples.all": ("customer",),
            "features.town": ("town",),
            "features.amount": ("Month", "amount"),
            "features.unused": (),
        },
        key=(KeyField("id", "INTEGER"),),
        outputs=(Output("prediction"), Output("probability", "true")),
        uncompiled=None,
    )


def _model(*steps: Any) -> Pipeline:
    texts = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = make_column_transformer((texts, ["customer", "town"]), (numbers, ["Month", "amount"]))
    return make_pipeline(columns, *steps, LogisticRegression())


def _values(shop: Folder, sample: str) -> dict[str, list[Any]]:
    frame = analysis.dataset("paid", sample, ["town", "amount"], start=shop.root).df(ordered=True)
    plain = frame.astype(object).where(frame.notna(), None)
    return {name: plain[name].tolist() for name in frame}


def _fitted(shop: Folder) -> Predictor:
    values = _values(shop, "all")
    model = _model().fit(frame_of(FIELDS, values), np.array(values["paid"], dtype=int))
    return Predictor(_bundle(), model)


def _wanted(shop: Folder, predictor: Predictor, sample: str) -> list[Any]:
    values = _values(shop, sample)
    told = predictor.predict(values)
    return [*zip(values["id"], told["prediction"], told["probability"], strict=True)]


def _same(found: Iterable[Any], wanted: list[Any]) -> None:
    rows = sorted(found, key=lambda row: int(row[0]))
    assert [(int(row[0]), bool(row[1])) for row in rows] == [row[:2] for row in wanted]
    chances = [float(row[2]) for row in rows]
    # What is read back of other databases has nine digits.
    assert chances == pytest.approx([row[2] for row in wanted], abs=1e-8)


@pytest.mark.parametrize("sample", ["all", "new"])
def test_in_the_warehouse(shop: Folder, sample: str) -> None:
    predictor = _fitted(shop)
    written = model_sql(
        shop.project, predictor.estimator, predictor.bundle, sample=f"samples.{sample}"
    )
    assert "unused" not in written and "not_needed" not in written and '"more"' not in written
    with duckdb.connect(str(shop.project.warehouse), read_only=True) as con:
        result = con.execute(written)
        assert [column[0] for column in result.description] == ["id", "prediction", "probability"]
        _same(result.fetchall(), _wanted(shop, predictor, sample))


@pytest.mark.parametrize("sample", ["all", "new"])
@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgres"])
def test_in_another_database(
    shop: Folder, dialect: str, sample: str, request: pytest.FixtureRequest
) -> None:
    predictor = _fitted(shop)
    written = model_sql(
        *(shop.project, predictor.estimator, predictor.bundle),
        dialect=dialect,
        inline=True,
        sample=sample,
    )
    with duckdb.connect(str(shop.project.warehouse), read_only=True) as con:
        tables = tables_of(con, TABLES)
    if dialect == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        run = in_postgres(server)
    else:
        run = {"duckdb": in_duckdb, "sqlite": in_sqlite}[dialect]
    _same(run(written, tables), _wanted(shop, predictor, sample))


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
def test_tables_may_be_called_like_anything_in_the_query(shop: Folder, dialect: str) -> None:
    """SQLite lets all queries after WITH see each other."""
    predictor = _fitted(shop)
    names = {"raw.orders": "field", "raw.customers": "input"}
    written = model_sql(
        *(shop.project, predictor.estimator, predictor.bundle),
        dialect=dialect,
        inline=True,
        tables=names,
    )
    with duckdb.connect(str(shop.project.warehouse), read_only=True) as con:
        tables = tables_of(con, TABLES)
    renamed = {"field": tables["orders"], "input": tables["customers"]}
    run = {"duckdb": in_duckdb, "sqlite": in_sqlite}[dialect]
    _same(run(written, renamed), _wanted(shop, predictor, "all"))


@pytest.mark.parametrize("dialect", ["spark", "bigquery"])
def test_is_written_for_others(shop: Folder, dialect: str) -> None:
    predictor = _fitted(shop)
    told = (shop.project, predictor.estimator, predictor.bundle)
    assert "`probability`" in model_sql(*told, dialect=dialect, inline=True)


def test_what_cannot_be_asked_is_told(shop: Folder) -> None:
    predictor = _fitted(shop)
    told = (shop.project, predictor.estimator, predictor.bundle)
    with pytest.raises(ModelError, match="told apart by `id`, `customer`"):
        model_sql(*told, sample="samples.other")
    wider = _bundle((*FIELDS, plain_field("paid", "boolean")))
    with pytest.raises(ModelError, match=r"`samples\.new` has no column `paid`"):
        model_sql(shop.project, predictor.estimator, wider, sample="new")
    with pytest.raises(DatasetError, match=r"there is no view `samples\.nothing`"):
        model_sql(*told, sample="nothing")
    with pytest.raises(ModelError, match="stands for itself") as caught:
        model_sql(*told, dialect="postgres")
    assert "--inline" in str(caught.value.hint)
    with pytest.raises(ModelError, match="there is no dialect `oracle`"):
        model_sql(*told, dialect="oracle", inline=True)


def test_a_step_that_cannot_be_compiled_is_named(shop: Folder) -> None:
    from sklearn.preprocessing import QuantileTransformer

    values = _values(shop, "all")
    step = QuantileTransformer(n_quantiles=5, output_distribution="normal")
    model = _model(step).fit(frame_of(FIELDS, values), np.array(values["paid"], dtype=int))
    with pytest.raises(UncompilableError) as caught:
        model_sql(shop.project, model, _bundle())
    assert caught.value.step == "quantiletransformer"
    assert "normal" in caught.value.why


def test_a_model_of_the_sample_alone(shop: Folder) -> None:
    values = _values(shop, "all")
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression())
    model.fit(frame_of(FIELDS[:1], values), np.array(values["paid"], dtype=int))
    predictor = Predictor(_bundle(FIELDS[:1]), model)
    written = model_sql(shop.project, model, predictor.bundle)
    assert "features" not in written
    with duckdb.connect(str(shop.project.warehouse), read_only=True) as con:
        _same(con.execute(written).fetchall(), _wanted(shop, predictor, "all"))
