"""Pipelines that are put together at random, and golden cases of them that are changed."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.experiments.runs.record import Task
from analysis.models.bundle.record import GoldenCase
from analysis.models.validating.certify import certificate
from analysis.models.validating.subject import Subject, Way, read_subject
from analysis.models.validating.ways.duckdb import through_duckdb
from analysis.models.validating.ways.postgres import Postgres
from analysis.models.validating.ways.python import through_python
from analysis.models.validating.ways.sqlite import through_sqlite
from tests.helpers.postgres import Postgres as Server
from tests.helpers.proven import write_whole
from tests.helpers.random_pipelines import pipelines


def ways(postgres: Server) -> dict[str, Way]:
    return {
        "python": through_python,
        "duckdb": through_duckdb,
        "sqlite": through_sqlite,
        "postgres": Postgres(postgres.url),
    }


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_any_pipeline_predicts_the_same_and_what_was_changed_is_found(
    task: Task, postgres: Server
) -> None:
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        estimator = data.draw(pipelines(task))
        with tempfile.TemporaryDirectory() as folder:
            write_whole(Path(folder), task, estimator=estimator)
            subject = read_subject(Path(folder))
            found = certificate(subject, ways(postgres))
            assert [check.skipped for check in found.checks] == [None] * 4, found.checks
            assert all(check.passes(1e-9) for check in found.checks), found.checks
            place = data.draw(st.integers(0, len(subject.golden) - 1))
            changed = certificate(_changed(subject, place), ways(postgres))
            assert not any(check.passes(1e-9) for check in changed.checks)
            for check in changed.checks:
                assert check.labels == 0
                assert check.largest == pytest.approx(1e-6, rel=1e-2)

    tried()


def _changed(subject: Subject, place: int) -> Subject:
    """Let one case expect a number that is a little greater, in its last output."""
    case = subject.golden[place]
    name = [*case.outputs][-1]
    value = float(case.outputs[name])
    more = value + 1e-6 * max(1.0, abs(value))
    other = GoldenCase(case.kind, case.inputs, {**case.outputs, name: more})
    golden = (*subject.golden[:place], other, *subject.golden[place + 1 :])
    return replace(subject, golden=golden)
