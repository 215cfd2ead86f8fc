"""``analysis model validate``: certificates, and what comes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from analysis.files import write_text
from analysis.models.bundle.record import GOLDEN, MODEL, Version
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from tests.helpers.api_servers import serving
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import Outcome, analysis, write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a project without models."""
    return write_project(tmp_path, {})


def validate(root: Path, *words: str, code: int = 0, **environment: str) -> Outcome:
    outcome = analysis(root, "model", "validate", *words, **environment)
    assert outcome.code == code, outcome
    return outcome


def proven(root: Path, name: str) -> Version:
    return open_registry(find_project(root)).find(name)


def test_a_version_that_is_proven_may_be_the_champion(root: Path) -> None:
    add_bundle(root)
    refused = analysis(root, "model", "stage", "late-flights", "champion", "--why", "it is good")
    assert "analysis model validate late-flights@1" in refused.err
    lines = [" ".join(line.split()) for line in validate(root, "late-flights").out.splitlines()]
    assert lines[0] == "late-flights@1"
    assert lines[2].startswith("through version cases largest difference other labels")
    rows = {line.split()[0]: line for line in lines[3:8]}
    assert rows["python"].endswith("6 0 0 passed")
    assert rows["api"].endswith("0 passed")
    assert rows["duckdb"] == "duckdb left out: not as SQL: model: these tests do not compile it"
    assert (
        rows["postgres"].endswith("no server is named: --postgres URL") or "SQL" in rows["postgres"]
    )
    assert lines[-1] == "passed: 6 cases, to within 1e-09"
    certificate = proven(root, "late-flights").certificate
    assert certificate is not None and certificate.passed
    assert [check.where for check in certificate.checks if not check.skipped] == ["python", "api"]
    made = analysis(root, "model", "stage", "late-flights", "champion", "--why", "it is good")
    assert made.code == 0, made
    assert "certificate passed" in analysis(root, "model", "show", "late-flights").out
    # The trial is no prediction that anybody asked for.
    assert not (root / "data/predictions").exists()


def test_a_server_of_another_version_fails_and_that_is_kept(root: Path) -> None:
    add_bundle(root)
    add_bundle(root, seed=2)
    with serving(root, "late-flights@2") as url:
        told = json.loads(validate(root, "late-flights@1", "--url", url, "--json", code=1).out)
        right = validate(root, "late-flights@2", "--url", url)
    assert (told["name"], told["passed"]) == ("late-flights@1", False)
    by_where = {check["where"]: check for check in told["checks"]}
    assert by_where["python"]["largest"] == 0
    assert by_where["api"]["largest"] > 1e-3
    assert "another model" in by_where["api"]["wrong"]
    certificate = proven(root, "late-flights@1").certificate
    assert certificate is not None and not certificate.passed
    refused = analysis(root, "model", "stage", "late-flights@1", "champion", "--why", "anyway")
    assert (refused.code, "was not passed" in refused.err) == (2, True)
    assert "passed: 6 cases" in right.out


def test_a_server_that_wants_a_key(root: Path) -> None:
    add_bundle(root)
    key = analysis(root, "serve", "key", "add", "Ann").out.split()[-1]
    with serving(root, "late-flights@1", "--require-key") as url:
        refused = validate(root, "late-flights", "--url", url, code=2)
        right = validate(root, "late-flights", "--url", url, ANALYSIS_API_KEY=key)
    assert "wants a key" in refused.err
    assert "passed: 6 cases" in right.out


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "ftp://somewhere", "nowhere"])
def test_without_an_answer_there_is_no_certificate(url: str, root: Path) -> None:
    add_bundle(root)
    outcome = validate(root, "late-flights", "--url", url, code=2)
    assert "it cannot be found out what the server predicts" in outcome.err
    assert "Traceback" not in outcome.err
    assert proven(root, "late-flights").certificate is None


@pytest.mark.parametrize("name", [MODEL, GOLDEN])
def test_files_that_were_changed_are_refused(name: str, root: Path) -> None:
    version = add_bundle(root)
    path = root / "data/models/late-flights" / version.id / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    outcome = validate(root, "late-flights", code=2)
    assert name in outcome.err
    assert "not the one that was promoted" in outcome.err
    assert proven(root, "late-flights").certificate is None


def test_postgres_is_named_in_the_environment(root: Path) -> None:
    add_bundle(root)
    told = json.loads(
        validate(
            root, "late-flights", "--json", ANALYSIS_POSTGRES="postgresql://a@127.0.0.1:1/b"
        ).out
    )
    # It is not asked, as this model is not as SQL.
    assert {check["where"] for check in told["checks"] if check["skipped"]} == {
        "duckdb",
        "sqlite",
        "postgres",
    }


def test_without_what_the_server_needs_it_is_said_what_to_install(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add_bundle(root)
    folder = tmp_path_factory.mktemp("without")
    write_text(folder / "fastapi.py", "raise ImportError(name='fastapi')\n")
    outcome = validate(
        root, "late-flights", code=2, PYTHONPATH=f"{folder}:{os.environ.get('PYTHONPATH', '')}"
    )
    assert "`fastapi` is not installed" in outcome.err
    assert "analysis[serve]" in outcome.err
