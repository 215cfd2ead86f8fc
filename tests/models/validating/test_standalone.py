"""The ``validate.py`` of a bundle, run as others run it: Python alone, against real servers."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.models.bundle.record import GOLDEN, PREDICTION_SQL, VALIDATE, GoldenCase
from analysis.models.validating.shipped import KEY
from analysis.models.validating.standalone import standalone_source
from analysis.service.trial import trial_server
from tests.helpers.api_servers import serving
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import Outcome, analysis, write_project
from tests.helpers.proven import change_golden, write_whole

# Made once: what is tried is what others do with them.
UNCOMPILED = {"kind": "trees"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project."""
    return write_project(tmp_path_factory.mktemp("project"), {})


@pytest.fixture(scope="module")
def bundle(root: Path) -> Path:
    """Give a folder with a bundle."""
    folder = root / "late-flights"
    write_whole(folder, **UNCOMPILED)
    return folder


@pytest.fixture(scope="module")
def other(root: Path) -> Path:
    """Give a bundle of another model that takes the same fields."""
    folder = root / "other"
    write_whole(folder, seed=2, **UNCOMPILED)
    return folder


def validate(folder: Path, *options: str, **environment: str) -> Outcome:
    """Run it without anything that is not in the standard library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", folder / VALIDATE, *options],
        cwd="/",
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_it_is_python_3_9_and_the_standard_library() -> None:
    tree = ast.parse(standalone_source(), feature_version=(3, 9))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    # Of which some is younger.
    assert "strict=" not in standalone_source()


def test_the_right_server_passes(root: Path, bundle: Path) -> None:
    with trial_server(root, bundle) as ready:
        outcome = validate(bundle, "--url", ready(), "--batch", "7")
    assert outcome.code == 0, outcome
    lines = {line.split()[0]: line.split() for line in outcome.out.splitlines() if line.strip()}
    assert {"ordinary", "category", "unseen", "null", "threshold", "edge"} <= lines.keys()
    assert lines["all"][2:] == ["0", "0", "0"]
    assert "it predicts the same (±1e-09)" in outcome.out
    assert "note" not in outcome.out


def test_a_server_of_another_version_fails(root: Path, bundle: Path, other: Path) -> None:
    with trial_server(root, other) as ready:
        outcome = validate(bundle, "--url", ready())
    assert outcome.code == 1
    assert "IT DOES NOT PREDICT THE SAME" in outcome.out
    assert "ANOTHER MODEL" in outcome.out
    assert outcome.out.count("\ncase ") == 5
    assert "more that differ" in outcome.out


def test_another_model_fails_even_if_it_predicts_the_same(
    root: Path, bundle: Path, other: Path, tmp_path: Path
) -> None:
    # The cases of one, beside what is told of the other.
    mixed = tmp_path / "mixed"
    shutil.copytree(other, mixed)
    shutil.copy(bundle / GOLDEN, mixed / GOLDEN)
    change_golden(mixed, lambda case: case)
    with trial_server(root, bundle) as ready:
        outcome = validate(mixed, "--url", ready())
    assert outcome.code == 1
    assert "it predicts the same" in outcome.out
    assert "ANOTHER MODEL" in outcome.out


def test_labels_that_were_flipped_are_counted(root: Path, bundle: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(bundle, changed)

    def flip(case: GoldenCase) -> GoldenCase:
        label = case.outputs["prediction"]
        flipped = not label if case.kind == "null" else label
        return replace(case, outputs={**case.outputs, "prediction": flipped})

    change_golden(changed, flip)
    with trial_server(root, bundle) as ready:
        outcome = validate(changed, "--url", ready())
    assert outcome.code == 1
    [line] = [line.split() for line in outcome.out.splitlines() if line.startswith("null")]
    assert line[1] == line[3] != "0"
    assert line[2] == "0"


@pytest.mark.parametrize("name", [GOLDEN, PREDICTION_SQL])
def test_files_that_were_changed_are_told(name: str, bundle: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(bundle, changed)
    (changed / name).write_text((changed / name).read_text() + " ")
    outcome = validate(changed, "--url", "http://127.0.0.1:1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"error: {name} is not what was promoted: its SHA-256 differs\n"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid", "file:///etc"])
def test_without_a_server_nothing_is_known(url: str, bundle: Path) -> None:
    outcome = validate(bundle, "--url", url)
    assert outcome.code == 2
    assert outcome.err.startswith("error: ")
    assert "Traceback" not in outcome.err


def test_a_server_as_it_is_started_with_keys_and_bounds(tmp_path: Path) -> None:
    root = write_project(tmp_path, {})
    version = add_bundle(root, golden=(
        ("ordinary", {"wind": 10.0, "hour": 8, "holiday": True, "carrier": "AA"}),
        ("edge", {"wind": 61.0, "hour": 8, "holiday": True, "carrier": "AA"}),
    ))  # fmt: skip
    folder = root / "data/models/late-flights" / version.id
    (folder / VALIDATE).write_text(standalone_source())
    key = analysis(root, "serve", "key", "add", "Ann").out.split()[-1]
    with serving(root, "late-flights@1", "--require-key") as url:
        without, wrong = (
            validate(folder, "--url", url),
            validate(folder, "--url", url, "--key", "no"),
        )
        right = validate(folder, "--url", url, **{KEY: key})
    assert (without.code, wrong.code, right.code) == (2, 2, 0), (without, wrong, right)
    assert "wants a key: set ANALYSIS_API_KEY" in without.err
    assert "note: 1 cases were refused, whose values lie beyond those of training" in right.out
    with serving(root, "late-flights@1", "--out-of-range", "allow") as url:
        allowed = validate(folder, "--url", url)
    assert allowed.code == 0
    assert "refused, whose" not in allowed.out
