"""Bundles through all ways of predicting: what is right passes, what is wrong fails."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import ModelError
from analysis.experiments.runs.record import Task
from analysis.files import write_text
from analysis.models.bundle.record import (
    GOLDEN,
    MODEL,
    PREDICTION_SQL,
    Certificate,
    Check,
    GoldenCase,
    KeyField,
)
from analysis.models.validating.certify import certificate
from analysis.models.validating.subject import Answers, Subject, Way, read_subject
from analysis.models.validating.ways.duckdb import through_duckdb
from analysis.models.validating.ways.postgres import Postgres
from analysis.models.validating.ways.python import through_python
from analysis.models.validating.ways.sqlite import through_sqlite
from tests.helpers.postgres import Postgres as Server
from tests.helpers.proven import change_golden, renew, write_whole

HERE: dict[str, Way] = {
    "python": through_python,
    "duckdb": through_duckdb,
    "sqlite": through_sqlite,
}


def proven(folder: Path, ways: dict[str, Way] | None = None) -> Certificate:
    return certificate(read_subject(folder), ways or HERE)


def by_where(folder: Path, ways: dict[str, Way] | None = None) -> dict[str, Check]:
    return {check.where: check for check in proven(folder, ways).checks}


def as_if_served(subject: Subject) -> Answers:
    """Stand for a server, where what is tried is something else."""
    return replace(through_python(subject), version="")


@pytest.mark.parametrize("kind", ["linear", "trees"])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_what_was_promoted_predicts_the_same(
    task: Task, kind: str, tmp_path: Path, postgres: Server
) -> None:
    write_whole(tmp_path, task, kind=kind)
    found = proven(tmp_path, {**HERE, "api": as_if_served, "postgres": Postgres(postgres.url)})
    assert found.passed
    assert found.cases > 60
    assert all(check.cases == found.cases for check in found.checks)
    assert all(check.skipped is None and check.passes(1e-12) for check in found.checks)
    assert all(check.version for check in found.checks if check.where != "api")
    assert found.packages["scikit-learn"] == found.checks[0].version


def test_python_and_a_server_are_demanded(tmp_path: Path) -> None:
    write_whole(tmp_path)
    assert not proven(tmp_path).passed
    assert not proven(tmp_path, {"api": as_if_served}).passed
    assert proven(tmp_path, {"python": through_python, "api": as_if_served}).passed


def test_what_is_not_as_sql_is_left_out_with_its_reason(tmp_path: Path) -> None:
    from analysis.models.bundle.record import Uncompiled

    write_whole(tmp_path, uncompiled=Uncompiled("svc", "it has a kernel"))
    ways = {**HERE, "postgres": Postgres("postgresql://nobody@127.0.0.1:1/none")}
    found = proven(tmp_path, {**ways, "api": as_if_served})
    assert found.passed
    skipped = {check.where: check.skipped for check in found.checks if check.skipped}
    assert skipped == dict.fromkeys(
        ("duckdb", "sqlite", "postgres"), "not as SQL: svc: it has a kernel"
    )


def test_postgres_is_left_out_where_none_is_named(tmp_path: Path) -> None:
    write_whole(tmp_path)
    assert by_where(tmp_path, {"postgres": Postgres(None)})["postgres"].skipped == (
        "no server is named: --postgres URL"
    )


def test_a_postgres_that_is_not_there_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_whole(tmp_path)
    monkeypatch.setenv("ITS_PASSWORD", "hidden-word")
    url = "postgresql+psycopg://nobody:${ITS_PASSWORD}@127.0.0.1:1/none"
    with pytest.raises(ModelError, match="PostgreSQL cannot be reached") as caught:
        proven(tmp_path, {"postgres": Postgres(url)})
    assert "hidden-word" not in str(caught.value)


def test_a_threshold_that_was_changed_in_the_query_fails(tmp_path: Path) -> None:
    write_whole(tmp_path, kind="trees")
    query = tmp_path / PREDICTION_SQL
    sql = query.read_text()
    first = re.search(r"<= (-?[0-9.]+e-?[0-9]+)", sql)
    assert first is not None
    write_text(query, sql.replace(first[0], f"<= {float(first[1]) + 0.5!r}e0", 1))
    with pytest.raises(ModelError, match="not the one that was promoted"):
        read_subject(tmp_path)
    renew(tmp_path)
    checks = by_where(tmp_path)
    assert checks["python"].passes(1e-9) and checks["sqlite"].passes(1e-9)
    assert not checks["duckdb"].passes(1e-9)
    assert (checks["duckdb"].largest or 0) > 1e-3


def test_a_number_that_was_changed_is_the_largest_difference(tmp_path: Path) -> None:
    write_whole(tmp_path, "regression")

    def change(case: GoldenCase) -> GoldenCase:
        if case.kind != "unseen":
            return case
        return replace(case, outputs={"prediction": float(case.outputs["prediction"]) + 0.125})

    change_golden(tmp_path, change)
    largest = [check.largest for check in proven(tmp_path).checks]
    assert largest == pytest.approx([0.125] * 3, rel=0.9)
    assert not any(check.passes(1e-9) for check in proven(tmp_path).checks)


def test_labels_that_were_flipped_are_counted(tmp_path: Path) -> None:
    write_whole(tmp_path)
    flipped = []

    def change(case: GoldenCase) -> GoldenCase:
        if len(flipped) == 3:
            return case
        flipped.append(case)
        return replace(case, outputs={**case.outputs, "prediction": not case.outputs["prediction"]})

    change_golden(tmp_path, change)
    for check in proven(tmp_path).checks:
        assert (check.labels, check.passes(1e-9)) == (3, False)
        assert check.largest is not None and check.largest < 1e-12


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sql: sql + " LIMIT 3", "it gives 3 rows for"),
        (lambda sql: sql.replace("wind", "wand"), "DuckDB refuses the query"),
        (lambda sql: "SELECT 1 AS id", "rows for"),
        (lambda sql: "FROM read_csv('/etc/passwd')", "DuckDB refuses the query"),
    ],
)
def test_a_query_that_gives_no_answers_is_wrong(change: Any, said: str, tmp_path: Path) -> None:
    write_whole(tmp_path)
    query = tmp_path / PREDICTION_SQL
    write_text(query, change(query.read_text().rstrip().rstrip(";")))
    renew(tmp_path)
    check = by_where(tmp_path)["duckdb"]
    assert said in (check.wrong or "")
    assert not check.passes(1e-9)


def test_a_key_that_is_a_field_too(tmp_path: Path) -> None:
    write_whole(tmp_path, key=(KeyField("hour", "BIGINT"),))
    assert by_where(tmp_path)["duckdb"].passes(1e-12)


def test_the_key_has_a_name_of_its_own(tmp_path: Path) -> None:
    from analysis.models.validating.ways.rows import key_of

    bundle = write_whole(tmp_path)
    assert key_of(bundle) == "case_"
    fields = tuple(replace(f, name="Case_") if f.name == "wind" else f for f in bundle.fields)
    assert key_of(replace(bundle, fields=fields)) == "case__"


@pytest.mark.parametrize("name", [MODEL, GOLDEN])
def test_files_that_were_changed_are_not_tried(name: str, tmp_path: Path) -> None:
    write_whole(tmp_path)
    path = tmp_path / name
    path.write_bytes(path.read_bytes().replace(b"0.", b"1.", 1) + b" ")
    with pytest.raises(ModelError, match="not the one that was promoted"):
        read_subject(tmp_path)
