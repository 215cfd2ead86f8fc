"""`analysis doctor` on projects that are well, and on projects that are not."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import QUARTO_YML, analysis, write_project
from tests.helpers.runs import DECLARED, write_experiment, write_run

SOURCES = """
sources:
  visits:
    description: Visits to a shop
    kind: csv
    path: data/raw/visits.csv
    update: fixed
    columns:
      day: {type: DATE, description: The day}
      customers: {type: INTEGER, description: People who came in}
"""
FILES = {
    "data/sources.yml": SOURCES,
    "data/raw/visits.csv": "day,customers\n2026-01-01,3\n",
    "data/sql/features/days.sql": "-- One row a day.\nselect day from raw.visits",
}
NINE = [
    *("File storage", "Data services", "Versioning", "Metadata and documentation"),
    *("Interactive computing", "Job queue and scheduler", "Computation graph"),
    *("Experiment manager", "Monitoring dashboard"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a project that was ingested and is in git."""
    root = write_project(tmp_path / "shop", FILES)
    assert analysis(root, "ingest").code == 0
    for command in (["init", "-q"], ["add", "-A", ":!data/warehouse.duckdb"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


def states(root: Path, code: int = 0) -> dict[str, tuple[str, str, str | None]]:
    """Ask the doctor: state, sentence and hint by the name of the service."""
    outcome = analysis(root, "doctor", "--json")
    assert outcome.code == code, outcome.out + outcome.err
    found = json.loads(outcome.out)["services"]
    assert [service["name"] for service in found] == NINE
    return {s["name"]: (s["state"], s["said"], s["hint"]) for s in found}


def test_a_healthy_project(shop: Path) -> None:
    """All that is set up is well, and what is not set up is said to be so."""
    found = states(shop)
    assert {name for name, (state, *_) in found.items() if state != "ok"} == set(NINE[-2:])
    assert found["Experiment manager"][:2] == (
        "missing",
        "not set up yet: there is no data/experiments",
    )
    declare(shop, "first")
    write_experiment(shop, "first", 5, failed=2, honesty=False)
    (shop / "data" / "monitors.yml").write_text("")
    found = states(shop)
    assert {state for state, *_ in found.values()} == {"ok"}
    assert found["Experiment manager"][1] == "1 experiment declared, 5 runs, 2 of them failed"


def declare(root: Path, *names: str) -> None:
    """Declare experiments."""
    (root / "data" / "experiments").mkdir(exist_ok=True)
    for name in names:
        (root / "data" / "experiments" / f"{name}.yml").write_text(DECLARED)


def test_experiments_without_runs(shop: Path) -> None:
    """They are named, with the command that runs the first."""
    declare(shop, "first", "second.one")
    write_experiment(shop, "first", 2, honesty=False)
    assert states(shop)["Experiment manager"] == (
        "warning",
        "2 experiments declared, 2 runs; no run of second.one",
        "run `analysis experiment run second.one`",
    )


def test_damaged_records_of_runs(shop: Path) -> None:
    """Each is named by its path."""
    declare(shop, "first")
    write_experiment(shop, "first", 2, honesty=False)
    (shop / "data/runs/first/bad").mkdir()
    (shop / "data/runs/first/bad/run.json").write_bytes(b"\xff{")
    state, said, hint = states(shop)["Experiment manager"]
    assert (state, said) == (
        "warning",
        "1 experiment declared, 2 runs; 1 record cannot be read: data/runs/first/bad/run.json",
    )
    assert "analysis experiment run first" in str(hint)
    (shop / "data/runs/first/experiment.json").write_text("{}")
    assert "2 records cannot be read" in states(shop)["Experiment manager"][1]


def test_runs_whose_data_changed(shop: Path) -> None:
    """A column has other values since, and the experiment was not run again."""
    declare(shop, "first")
    (shop / "data/sql/samples").mkdir()
    (shop / "data/sql/samples/days.sql").write_text("-- Days.\nselect * from raw.visits")
    assert analysis(shop, "ingest").code == 0
    run = write_run(shop, "first")
    data = replace(run.data, sample="samples.days", target="customers", key=("day",), features={})
    write_experiment(shop, "first", [write_run(shop, "first", data=data)])
    assert states(shop)["Experiment manager"][0] == "ok"
    path = shop / "data/sql/samples/days.sql"
    path.write_text("-- Days.\nselect day, customers + 1 as customers from raw.visits")
    assert analysis(shop, "ingest").code == 0
    assert states(shop)["Experiment manager"] == (
        "warning",
        "1 experiment declared, 1 run; the data of first changed since they were run: "
        "samples.days.customers",
        "run `analysis experiment run first`",
    )


def test_experiment_with_a_mistake(shop: Path) -> None:
    """The doctor says where it is, and goes on."""
    declare(shop, "first")
    path = shop / "data/experiments/first.yml"
    path.write_text(path.read_text().replace("folds: 5", "folds: one"))
    state, said, _ = states(shop, code=1)["Experiment manager"]
    assert state == "broken"
    assert said.startswith("data/experiments/first.yml:3: ")


def test_the_table_is_for_people(shop: Path) -> None:
    """Each service has a line, and what is to be done stands below it."""
    outcome = analysis(shop / "data", "doctor")
    assert outcome.code == 0
    assert all(name in outcome.out for name in NINE)
    assert "extras" in outcome.out
    assert "quarto" in outcome.out


def test_without_a_warehouse(shop: Path) -> None:
    """Nothing can be read, and the hint says how to change that."""
    (shop / "data" / "warehouse.duckdb").unlink()
    found = states(shop, code=1)
    state, said, hint = found["Data services"]
    assert (state, said) == ("broken", "the warehouse is not built yet")
    assert "analysis ingest" in str(hint)
    assert found["Metadata and documentation"][0] == "broken"


def test_a_damaged_warehouse(shop: Path) -> None:
    """What cannot be read is no traceback."""
    (shop / "data" / "warehouse.duckdb").write_bytes(b"nothing of value" * 1000)
    outcome = analysis(shop, "doctor")
    assert outcome.code == 1
    assert "the warehouse cannot be read" in outcome.out
    assert "Traceback" not in outcome.out + outcome.err


def test_a_fixed_source_changed(shop: Path) -> None:
    """The checksum tells, with the file and the line of the declaration."""
    (shop / "data" / "raw" / "visits.csv").write_text("day,customers\n2026-01-01,4\n")
    state, said, hint = states(shop, code=1)["File storage"]
    assert state == "broken"
    assert "data/sources.yml:" in said
    assert "visits" in said
    assert "--accept" in str(hint)


def test_a_source_is_gone(shop: Path) -> None:
    """A missing file is broken storage."""
    (shop / "data" / "raw" / "visits.csv").unlink()
    assert states(shop, code=1)["File storage"][0] == "broken"


def test_a_warehouse_behind_its_views(shop: Path) -> None:
    """It works, but needs a look."""
    (shop / "data" / "sql" / "features" / "days.sql").write_text("-- Other.\nselect 1 as one")
    assert states(shop)["Data services"][0] == "warning"


def test_an_undescribed_view(shop: Path) -> None:
    """What nobody can understand is counted."""
    (shop / "data" / "sql" / "features" / "days.sql").write_text("select 1 as one")
    assert analysis(shop, "ingest").code == 0
    state, said, _ = states(shop)["Metadata and documentation"]
    assert (state, said) == ("warning", "no description: 1 of 2 relations")


def test_no_such_kernel(shop: Path) -> None:
    """A kernel that is not installed is named."""
    (shop / "_quarto.yml").write_text(QUARTO_YML.replace("python3", "julia-9"))
    state, said, hint = states(shop, code=1)["Interactive computing"]
    assert (state, said) == ("broken", "there is no Jupyter kernel `julia-9`")
    assert "python3" in str(hint)


def test_without_git(tmp_path: Path) -> None:
    """A project without git, data and anything else is no mistake."""
    found = states(write_project(tmp_path / "bare", {"index.qmd": "Hello"}))
    assert found["Versioning"][:2] == ("missing", "this folder is in no git repository")
    assert found["Data services"][0] == "missing"


def test_declarations_with_a_mistake(shop: Path) -> None:
    """The doctor says where it is, and goes on."""
    (shop / "data" / "sources.yml").write_text(SOURCES.replace("kind: csv", "kind: papyrus"))
    state, said, _ = states(shop, code=1)["File storage"]
    assert state == "broken"
    assert said.startswith("data/sources.yml:5: ")


def test_git_does_not_keep_the_checksums(shop: Path) -> None:
    """Without them, another machine cannot notice a change."""
    subprocess.run(["git", "rm", "-q", "--cached", "data/sources.lock"], cwd=shop, check=True)
    state, said, _ = states(shop)["Versioning"]
    assert (state, said) == ("warning", "git does not keep data/sources.lock")


def test_outside_a_project(tmp_path: Path) -> None:
    """A mistake in the call."""
    assert analysis(tmp_path, "doctor").code == 2


def models(root: Path, code: int = 0) -> dict[str, tuple[str, str, str | None]]:
    """Ask the doctor: state, sentence and hint by the name of the model."""
    outcome = analysis(root, "doctor", "--json")
    assert outcome.code == code, outcome.out + outcome.err
    found = json.loads(outcome.out)["models"]
    return {m["name"]: (m["state"], m["said"], m["hint"]) for m in found}


def test_models(shop: Path) -> None:
    """Versions and the champion; one that is damaged is broken, and hides no other model."""
    assert models(shop) == {}
    first = add_bundle(shop)
    add_bundle(shop, "birds", "multiclass")
    state, said, hint = models(shop)["late-flights"]
    assert (state, said) == ("warning", "1 version; no champion") and "model stage" in str(hint)
    stage(shop, first, "champion")
    add_bundle(shop, seed=2)
    found = models(shop)
    assert found["late-flights"] == ("ok", "2 versions; champion late-flights@1", None)
    assert "champion late-flights@1" in analysis(shop, "doctor").out
    path = shop / "data" / "models" / "late-flights" / first.id / "model.skops"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    found = models(shop, code=1)
    assert found["late-flights"][0] == "broken"
    assert "late-flights@1 is damaged" in found["late-flights"][1]
    assert found["birds"][0] == "warning"
