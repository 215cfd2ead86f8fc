"""Predictions over HTTP are those of scikit-learn, whatever form the rows come in."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from vetiver.server import predict, vetiver_endpoint

from analysis.experiments.runs.record import Task
from tests.helpers.bundle_pipelines import INPUTS, fitted, outputs_of
from tests.helpers.serving import ROW, Server, serving
from tests.service.conftest import project_of

RECORDS = [inputs for _, inputs in INPUTS]
EXPECTED = outputs_of(fitted("binary"), "binary", RECORDS)


def assert_expected(answer: dict[str, list[Any]], expected: list[dict[str, Any]]) -> None:
    """See that an answer has the outputs of all rows, in their order, and nothing else."""
    names = {name: "predict" if name == "prediction" else name for name in expected[0]}
    assert list(answer) == list(names.values())
    for name, written in names.items():
        assert answer[written] == pytest.approx([row[name] for row in expected], abs=1e-12)


def test_list_of_records(server: Server) -> None:
    """A list of records has labels and probabilities in their order."""
    response = server.post(RECORDS)
    assert response.status_code == 200
    assert_expected(response.json(), EXPECTED)
    assert response.json()["predict"] == [row["prediction"] for row in EXPECTED]
    assert len(response.headers["x-request-id"]) == 32
    assert response.headers["x-model-version"] == "1"
    assert response.headers["x-model-arm"] == "champion"


def test_one_record(server: Server) -> None:
    """One record alone is a list of one."""
    assert_expected(server.post(RECORDS[0]).json(), EXPECTED[:1])


def test_records_by_line(server: Server) -> None:
    """Records may come one a line; empty lines are none."""
    lines = "\n\n".join(json.dumps(record) for record in RECORDS) + "\r\n"
    response = server.send(lines.encode(), "application/x-ndjson")
    assert_expected(response.json(), EXPECTED)


def test_parquet(server: Server) -> None:
    """A table of Parquet gives the same, also as pandas writes it."""
    table = pa.Table.from_pylist(RECORDS)
    for written in (table, pa.Table.from_pandas(pd.DataFrame(RECORDS), preserve_index=False)):
        file = io.BytesIO()
        pq.write_table(written, file)
        response = server.send(file.getvalue(), "application/vnd.apache.parquet")
        assert response.status_code == 200, response.text
        assert_expected(response.json(), EXPECTED)


def test_key_may_come_along(server: Server) -> None:
    """The columns of the key are no fields, and are taken with them in all rows."""
    with_keys = [{"id": place, **record} for place, record in enumerate(RECORDS)]
    assert_expected(server.post(with_keys).json(), EXPECTED)
    response = server.post([with_keys[0], RECORDS[1]])
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", 1, "id"]
    deep = server.post([with_keys[0], {**with_keys[1], "id": {"of": [1]}}])
    assert deep.status_code == 422
    assert deep.json()["detail"] == [
        {"loc": ["body", 1, "id"], "msg": "this is no value of a key", "type": "type"}
    ]


def test_many_rows_are_in_order(server: Server) -> None:
    """Rows that are predicted in several parts come back in their order."""
    hours = [place % 24 for place in range(10_000)]
    rows = [{**ROW, "hour": hour} for hour in hours]
    answer = server.post(rows).json()
    by_hour = outputs_of(fitted("binary"), "binary", [{**ROW, "hour": h} for h in range(24)])
    assert_expected(answer, [by_hour[hour] for hour in hours])


@pytest.mark.filterwarnings("ignore")
def test_vetiver_client(server: Server) -> None:
    """Vetiver's own client takes the answers for a frame, a row, and a record."""
    endpoint = vetiver_endpoint(f"{server.url}/predict/")
    # JSON has no NaN: pandas writes null for it.
    frame = pd.DataFrame(RECORDS[:4])
    found = predict(endpoint, frame)
    assert list(found.columns) == ["predict", "probability"]
    assert found["predict"].tolist() == [row["prediction"] for row in EXPECTED[:4]]
    assert len(predict(endpoint, RECORDS[0])) == 1
    assert len(predict(endpoint, RECORDS)) == len(RECORDS)
    with pytest.raises(TypeError, match="wind"):
        predict(endpoint, frame.assign(wind="calm"))


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_other_tasks(tmp_path: Path, task: Task) -> None:
    """Several classes have a probability each, a regression has only numbers."""
    expected = outputs_of(fitted(task), task, RECORDS)
    with serving(project_of(tmp_path, task=task)) as server:
        assert_expected(server.post(RECORDS).json(), expected)
        schemas = server.get("/openapi.json").json()["components"]["schemas"]
        assert [*schemas["Predictions"]["properties"]] == [*server.post(RECORDS).json()]
