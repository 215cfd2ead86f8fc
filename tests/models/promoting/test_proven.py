"""A new version is put through all ways of predicting at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.models.bundle.record import PREDICTION_SQL
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from tests.helpers.api_servers import serving
from tests.helpers.projects import Outcome, analysis


def promoted(root: Path, run: str, *options: str, **environment: str) -> Outcome:
    outcome = analysis(root, "model", "promote", run, "--as", "late", *options, **environment)
    assert outcome.code == 0, outcome
    return outcome


@pytest.mark.parametrize(
    ("run", "kept"),
    [
        ("late/logistic", {"python", "duckdb", "sqlite", "api"}),
        ("late/boosting", {"python", "duckdb", "sqlite", "api"}),
        ("late/own", {"python", "api"}),
    ],
)
def test_a_new_version_has_its_certificate(run: str, kept: set[str], root: Path) -> None:
    outcome = promoted(root, run)
    assert "passed: " in outcome.out
    assert outcome.out.endswith("next     analysis model stage late@1 champion --why TEXT\n")
    version = open_registry(find_project(root)).find("late")
    certificate = version.certificate
    assert certificate is not None and certificate.passed
    assert {check.where for check in certificate.checks if not check.skipped} == kept
    assert (version.bundle.file(PREDICTION_SQL) is not None) == ("duckdb" in kept)
    staged = analysis(root, "model", "stage", "late", "champion", "--why", "it is proven")
    assert staged.code == 0, staged
    with serving(root, "late") as url:
        assert analysis(root, "model", "validate", "late", "--url", url).code == 0


def test_a_certificate_may_be_left_for_later(root: Path) -> None:
    outcome = promoted(root, "late/logistic", "--no-validate")
    assert outcome.out.endswith("next     analysis model validate late@1\n")
    assert open_registry(find_project(root)).find("late").certificate is None


def test_without_a_server_the_version_stays(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "fastapi.py").write_text("raise ImportError(name='fastapi')\n")
    path = f"{folder}:{os.environ.get('PYTHONPATH', '')}"
    outcome = promoted(root, "late/logistic", PYTHONPATH=path)
    assert "there is no parity certificate yet: `fastapi` is not installed" in outcome.err
    assert "then analysis model validate late@1" in outcome.out
    assert open_registry(find_project(root)).find("late").certificate is None
