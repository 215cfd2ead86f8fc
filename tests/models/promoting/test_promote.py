"""Promoting a run by the command line: what a version consists of, and what cannot be one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from analysis.experiments.runs.store import run_folder, runs_of
from analysis.files import checksum
from analysis.models.bundle.record import BUNDLE, MODEL, Bundle, Field
from analysis.models.bundle.store import read_bundle, read_golden
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from analysis.warehouse.ingest import ingest
from tests.experiments.conftest import rows
from tests.helpers.projects import snapshot
from tests.helpers.runs import write_run
from tests.models.promoting.conftest import promoted
from tests.warehouse.conftest import Folder


def test_a_version_consists_of_all_that_it_takes(root: Path) -> None:
    outcome, folder = promoted(root, "late/logistic", "--why", "it is quick")
    assert outcome.code == 0, outcome
    assert outcome.out.startswith("promoted late@1  late/logistic, run ")
    assert "analysis model validate late@1" in outcome.out
    bundle = read_bundle(folder / BUNDLE)
    assert {told.file for told in bundle.files} >= {
        *("model.skops", "golden.json", "card.md", "features.sql", "validate.py")
    }
    assert all(checksum(folder / told.file) == told.sha256 for told in bundle.files)
    run = _run(root, "logistic")
    assert run.model is not None
    assert checksum(folder / MODEL) == run.model.sha256
    assert (bundle.by, bundle.why, bundle.question) == (
        *("Ann", "it is quick"),
        "Which parcels come late?",
    )
    assert (bundle.positive, bundle.class_type, bundle.classes) == (
        *("true", "boolean"),
        ("false", "true"),
    )
    assert [(key.name, key.type) for key in bundle.key] == [("id", "INTEGER")]
    assert bundle.metrics == run.metrics
    assert bundle.importance
    made = bundle.provenance
    assert (made.run, made.rows, made.refit) == (run.run, 240, False)
    assert made.columns == run.data.columns
    version = open_registry(find_project(root)).find("late")
    assert (version.stage, version.events[0].why) == ("candidate", "it is quick")


def test_fields_are_told_in_aggregates(root: Path) -> None:
    _, folder = promoted(root, "late/logistic")
    bundle = read_bundle(folder / BUNDLE)
    assert [field.name for field in bundle.fields] == ["weight", "express", "town"]
    weight, express, town = bundle.fields
    assert (weight.type, weight.relation, weight.nullable) == ("number", "features.parcel", True)
    assert weight.low is not None and weight.high is not None
    assert 0.1 <= weight.low < weight.quantiles[4] < weight.high <= 30
    assert list(weight.quantiles) == sorted(weight.quantiles)
    assert (express.type, express.low) == ("boolean", None)
    assert express.mean == pytest.approx(0.3, abs=0.1)
    assert (town.type, town.categories) == ("category", ("Bonn", "Kiel", "Ulm"))
    assert sum(town.shares) == pytest.approx(1)
    assert town.unseen
    text = (folder / BUNDLE).read_text("utf-8")
    shared = [
        line.split(",")[3] for line in rows().splitlines()[1:] if f"{line.split(',')[3]}" in text
    ]
    assert len(shared) < 10


@pytest.mark.parametrize("candidate", ["logistic", "boosting", "machine", "own", "rate"])
def test_golden_cases_are_what_the_loaded_model_says(root: Path, candidate: str) -> None:
    outcome, folder = promoted(root, f"late/{candidate}")
    assert outcome.code == 0, outcome
    bundle, cases = read_bundle(folder / BUNDLE), read_golden(folder / "golden.json")
    predictor = open_predictor(folder, find_project(root))
    columns = {f.name: [case.inputs[f.name] for case in cases] for f in bundle.fields}
    found = predictor.predict(columns)
    assert {name: [c.outputs[name] for c in cases] for name in bundle_names(bundle)} == found
    names = ["prediction"] if candidate == "machine" else ["prediction", "probability"]
    assert [output.name for output in bundle.outputs] == names
    assert {case.kind for case in cases} >= {"ordinary", "category", "edge"}
    if candidate == "boosting":
        assert "threshold" in {case.kind for case in cases}


def test_the_query_of_features_gives_what_the_model_takes(root: Path) -> None:
    import duckdb

    _, folder = promoted(root, "late/logistic")
    query = (folder / "features.sql").read_text("utf-8")
    with duckdb.connect() as con:
        con.execute(f"create view parcels as from read_csv('{root}/data/raw/parcels.csv')")
        frame = con.execute(query).df()
    assert len(frame) == 240
    assert {"id", "weight", "express", "town"} <= {*frame.columns}


def test_a_model_that_is_missing_is_fitted_again_to_the_last_byte(root: Path) -> None:
    run = _run(root, "boosting")
    kept = run_folder(find_project(root), run) / MODEL
    kept.unlink()
    outcome, folder = promoted(root, run.run[:8])
    assert outcome.code == 0, outcome
    assert run.model is not None
    assert checksum(folder / MODEL) == run.model.sha256
    assert not kept.exists()
    assert not [*(root / ".analysis" / "experiments" / "late").glob("rows-*")]


def test_a_model_that_was_changed_is_not_promoted(root: Path) -> None:
    run = _run(root, "logistic")
    path = run_folder(find_project(root), run) / MODEL
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    outcome, _ = promoted(root, run.run)
    assert outcome.code == 2
    assert "is not the one that was kept with it" in outcome.err
    assert not (root / "data" / "models").exists()


def test_changed_rows_are_told_and_a_refit_takes_them(root: Path) -> None:
    before = _run(root, "logistic")
    lines = rows(300)
    (root / "data/raw/parcels.csv").write_text(lines, "utf-8")
    ingest(find_project(root))
    outcome, _ = promoted(root, "late/logistic")
    assert outcome.code == 2
    assert "was made of what has changed since: column `" in outcome.err
    assert "--refit full" in outcome.err
    outcome, folder = promoted(root, "late/logistic", "--refit", "full")
    assert outcome.code == 0, outcome
    bundle = read_bundle(folder / BUNDLE)
    made = bundle.provenance
    assert (made.refit, made.rows, bundle.metrics) == (True, 300, before.metrics)
    assert before.model is not None
    assert checksum(folder / MODEL) != before.model.sha256
    assert made.command.endswith("--refit full")
    assert "fitted anew" in (folder / "card.md").read_text("utf-8")


def test_changed_code_of_the_project_is_told(root: Path) -> None:
    path = root / "src/own.py"
    path.write_text(path.read_text("utf-8") + "\n# another\n", "utf-8")
    outcome, _ = promoted(root, "late/own")
    assert (outcome.code, "module `src/own.py`" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"failed": "it did not converge"}, "failed, so there is no model to promote: it did not"),
        ({"role": "honesty"}, "only looks at `logistic` under another split"),
    ],
)
def test_runs_without_a_model_of_their_own_are_refused(
    root: Path, changes: dict[str, Any], told: str
) -> None:
    run = write_run(root, "made-up", "logistic", **changes)
    outcome, _ = promoted(root, run.run)
    assert (outcome.code, told in outcome.err) == (2, True), outcome


def test_a_run_whose_views_are_gone_is_told(root: Path) -> None:
    run = write_run(root, "made-up", "logistic")
    outcome, _ = promoted(root, run.run)
    assert outcome.code == 2
    assert "is not here any more" in outcome.err


def test_a_damaged_record_and_wrong_names_are_told(root: Path) -> None:
    run = _run(root, "rate")
    (run_folder(find_project(root), run) / "run.json").write_text("{", "utf-8")
    assert promoted(root, run.run)[0].code == 2
    assert "cannot be the name of a model" in promoted(root, "late/own", name="Late Parcels")[0].err
    assert "is not refitted `half`" in promoted(root, "late/own", "--refit", "half")[0].err
    assert "there is no run of a candidate" in promoted(root, "late/logist")[0].err


def test_a_promotion_that_fails_leaves_nothing(root: Path) -> None:
    before = snapshot(root, "data")
    run = _run(root, "logistic")
    path = run_folder(find_project(root), run) / MODEL
    content = path.read_bytes()
    path.write_bytes(content + b"x")
    promoted(root, run.run)
    path.write_bytes(content)
    assert snapshot(root, "data") == before
    assert not [*(root / ".analysis").glob(".promoting-*")]


def test_personal_columns_are_marked_and_warned_of(root: Path) -> None:
    sources = (root / "data/sources.yml").read_text("utf-8")
    told = sources.replace("town: VARCHAR", "town: {type: VARCHAR, pii: true}")
    (root / "data/sources.yml").write_text(told, "utf-8")
    ingest(find_project(root))
    outcome, folder = promoted(root, "late/logistic")
    assert outcome.code == 0, outcome
    assert "the model takes what tells of people: town" in outcome.err
    personal = [field.name for field in read_bundle(folder / BUNDLE).fields if field.personal]
    assert personal == ["town"]
    assert "Bonn" not in (folder / "card.md").read_text("utf-8")


def test_the_card_says_what_it_is_and_has_no_empty_section(root: Path) -> None:
    _, folder = promoted(root, "late/boosting")
    text = (folder / "card.md").read_text("utf-8")
    sections = text.split("\n## ")
    assert sections[0].startswith("# late\n\nWhich parcels come late?")
    assert [section.partition("\n")[0] for section in sections[1:]] == [
        "What it is",
        "What it is for",
        "What it has learnt from",
        "How good it is",
        "What it goes by",
        "How it is proven",
        "Where it ends",
        "What it takes",
        "How to call it",
        "Where it comes from",
    ]
    assert all(section.partition("\n")[2].strip() for section in sections[1:])
    assert "| `weight` | number |" in text


def test_what_is_shipped_runs_without_this_package(root: Path) -> None:
    _, folder = promoted(root, "late/logistic")
    found = subprocess.run(
        [sys.executable, "-I", folder / "validate.py", "--url", "http://127.0.0.1:9"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, "gives no answer" in found.stderr) == (2, True)


def test_what_the_model_does_not_take_is_found_out(root: Path) -> None:
    folder = Folder(root)
    path = "data/experiments/late.yml"
    text = (root / path).read_text("utf-8")
    plain = (
        "preprocessing: {number: [], category: {estimator: sklearn.preprocessing.OneHotEncoder}}"
    )
    strict = f"\n  strict: {{estimator: sklearn.linear_model.LogisticRegression, {plain}}}\n"
    folder.write(path, text.rstrip() + strict)
    from tests.experiments.running import done

    done(folder)
    outcome, made = promoted(root, "late/strict")
    assert outcome.code == 0, outcome
    fields: dict[str, Field] = {f.name: f for f in read_bundle(made / BUNDLE).fields}
    assert not any(field.nullable for field in fields.values())
    assert not fields["town"].unseen
    assert {c.kind for c in read_golden(made / "golden.json")} == {"ordinary", "category", "edge"}


def bundle_names(bundle: Bundle) -> list[str]:
    """Name what a model gives."""
    return [output.name for output in bundle.outputs]


def _run(root: Path, candidate: str) -> Any:
    runs = runs_of(find_project(root), "late")
    return next(run for run in runs if run.candidate == candidate)


def test_json_keeps_every_number(root: Path) -> None:
    _, folder = promoted(root, "late/boosting")
    text = (folder / "golden.json").read_text("utf-8")
    cases = json.loads(text)["cases"]
    again = open_predictor(folder).predict(
        {name: [case["inputs"][name] for case in cases] for name in cases[0]["inputs"]}
    )
    assert again["probability"] == [case["outputs"]["probability"] for case in cases]
