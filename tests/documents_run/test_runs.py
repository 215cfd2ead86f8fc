"""Pages that read experiments run again when these have other runs, and for no other cause."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from analysis.experiments.runs import store
from analysis.lineage.system import RUNS_FOLDER
from analysis.warehouse.ingest import ingest
from tests.documents_run.conftest import Site
from tests.documents_run.pages import changed
from tests.helpers.runs import write_experiment, write_run

SOURCES = """
sources:
  shops: {description: Shops, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
"""
QUERY = "from analysis import db\nprint(db().execute('''{}''').fetchall())"
# As our own code reads one experiment, or one run: what counts is noted.
PART = """
from analysis import db
from analysis.lineage import UNOBSERVED, note_experiment, note_run
print(db().execute(f"{{UNOBSERVED}} run, value from meta.metrics where {}").fetchall())
{}
"""
OPENED = """
from pathlib import Path
from analysis.lineage import note, unobserved
with unobserved():
    [path.read_text() for path in sorted(Path("data/runs").glob("*/*/run.json"))]
note("system", "meta.uses")
Path("shops.csv").read_text()
"""
OUTDATED = """
from analysis.report.experiments.outdated import outdated
print(outdated("trial"))
"""
DECLARED = "data/experiments/trial.yml"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project of two experiments, and pages on all runs, on one experiment and on one run."""
    site = Site(tmp_path_factory.mktemp("runs") / "site")
    site.write("data/sources.yml", SOURCES)
    site.write("shops.csv", "name\nnorth\n")
    summary = write_experiment(site.root, "trial", 4, outdated=1)
    write_experiment(site.root, "it's ünusual", 3)
    site.page("all.qmd", QUERY.format("select run, value from meta.runs order by run"))
    site.page("curves.qmd", QUERY.format("select count(*) from meta.curves"))
    site.page("trial.qmd", PART.format("experiment = 'trial'", "note_experiment('trial')"))
    noted = f"note_run('trial', '{summary.leader}')"
    site.page("leader.qmd", PART.format(f"run = '{summary.leader}'", noted))
    site.page("opened.qmd", OPENED)
    site.page("outdated.qmd", OUTDATED)
    site.write(DECLARED, "question: Why?\n")
    site.page("shops.qmd", QUERY.format("from raw.shops"))
    ingest(site.project)
    assert len(site.ran()) == 7
    return site


@pytest.fixture
def runs(ready: Site, tmp_path: Path) -> Site:
    """A copy of the project, all of whose pages have run."""
    shutil.copytree(ready.root, tmp_path / "copy")
    return Site(tmp_path / "copy")


def inputs(site: Site, page: str) -> dict[str, dict[str, object]]:
    """Read what a page depended on."""
    return json.loads((site.root / "_freeze" / page / "inputs.json").read_text())  # type: ignore[no-any-return]


def test_files_are_inputs_only_through_what_was_asked_for(runs: Site) -> None:
    """A page on one run does not depend on the others, although its query has read them."""
    for page in ("all", "curves", "trial", "leader"):
        assert "file" not in inputs(runs, page)
        assert "warehouse" not in inputs(runs, page)
    assert list(inputs(runs, "all")["system"]) == ["meta.runs"]
    assert list(inputs(runs, "trial")["experiment"]) == ["trial"]
    assert "system" not in inputs(runs, "trial") and "system" not in inputs(runs, "leader")
    assert list(inputs(runs, "opened")["file"]) == ["shops.csv"]
    assert "listing" not in inputs(runs, "opened")


def test_content_counts(runs: Site) -> None:
    """Nothing is stale after a copy, a touch, or the same experiment once more."""
    for path in (runs.root / RUNS_FOLDER).rglob("*.json"):
        os.utime(path, (1, 1))
    write_experiment(runs.root, "trial", 4, outdated=1)
    assert changed(runs) == {}
    assert runs.ran() == []


def test_another_run_of_one_experiment(runs: Site) -> None:
    """The page on it is stale, and pages on all experiments, which say which one it was."""
    write_experiment(runs.root, "it's ünusual", 4)
    assert changed(runs) == {
        "all.qmd": ["`meta.runs` changed: experiment `it's ünusual`"],
        "curves.qmd": ["`meta.curves` changed: experiment `it's ünusual`"],
    }
    write_experiment(runs.root, "trial", 5, outdated=1)
    reasons = changed(runs)
    assert reasons["trial.qmd"] == ["experiment `trial` has other runs"]
    assert reasons["all.qmd"] == ["`meta.runs` changed: experiments `it's ünusual`, `trial`"]
    assert reasons.keys() == {"all.qmd", "curves.qmd", "trial.qmd"}
    assert sorted(runs.ran()) == ["all.qmd", "curves.qmd", "trial.qmd"]
    assert runs.ran() == []


def test_what_was_trained_on_changes_with_current_runs(runs: Site) -> None:
    """A page on `meta.uses` is left alone by further runs on the same data."""
    write_experiment(runs.root, "trial", 4, outdated=4, honesty=False)
    assert changed(runs)["opened.qmd"] == ["`meta.uses` changed: experiment `trial`"]


def test_the_run_itself(runs: Site) -> None:
    """Its record and its curves count for its page; it may be gone."""
    (name,) = inputs(runs, "leader")["run"]
    record = runs.root / RUNS_FOLDER / name / store.RECORD
    run = record.parent.name
    curves = record.with_name(store.CURVES)
    curves.write_text(curves.read_text().replace("learning", "other"))
    assert changed(runs)["leader.qmd"] == [f"run `{run}` of experiment `trial` changed"]
    shutil.rmtree(record.parent)
    assert changed(runs)["leader.qmd"] == [f"run `{run}` of experiment `trial` is gone"]


def test_none_at_all(runs: Site) -> None:
    """Without runs the pages are as fresh as with them, once they have run."""
    shutil.rmtree(runs.root / RUNS_FOLDER)
    reasons = changed(runs)
    assert reasons["all.qmd"] == ["`meta.runs` is gone"]
    assert reasons["trial.qmd"] == ["experiment `trial` is gone"]
    assert len(runs.ran()) == 5
    assert changed(runs) == {}
    write_experiment(runs.root, "trial", 2)
    assert changed(runs)["all.qmd"] == ["`meta.runs` is new"]
    assert changed(runs)["trial.qmd"] == ["experiment `trial` is new"]


def test_damaged_record_counts_as_it_is(runs: Site) -> None:
    """A record that is damaged is another one, and so is the one that is mended."""
    (name,) = inputs(runs, "leader")["run"]
    record = runs.root / RUNS_FOLDER / name / store.RECORD
    whole = record.read_bytes()
    record.write_bytes(whole[:100])
    assert sorted(runs.ran()) == ["all.qmd", "leader.qmd", "trial.qmd"]
    record.write_bytes(whole)
    assert sorted(runs.ran()) == ["all.qmd", "leader.qmd", "trial.qmd"]


def test_run_that_comes_while_the_page_runs(runs: Site) -> None:
    """The page has not seen it, so it is stale at the next look."""
    record = next(path for path in (runs.root / RUNS_FOLDER).glob("trial/*/run.json"))
    late = "\nimport os, shutil\nif not os.path.exists('data/runs/trial/late'):\n"
    late += f"    shutil.copytree({str(record.parent)!r}, 'data/runs/trial/late')"
    runs.page("all.qmd", QUERY.format("select count(*) from meta.runs") + late)
    assert "all.qmd" in runs.ran()
    assert changed(runs)["all.qmd"] == ["`meta.runs` changed: experiment `trial`"]
    assert "all.qmd" in runs.ran()
    assert changed(runs) == {}


def test_page_that_opens_records_itself(runs: Site) -> None:
    """Files that a page reads by their names are files."""
    run = write_run(runs.root, "trial", "more")
    name = f"data/runs/trial/{run.run}/run.json"
    query = f"select count(*) from read_json('{name}')"
    runs.page("reads.qmd", QUERY.format(query))
    runs.ran()
    assert list(inputs(runs, "reads")["file"]) == [name]


def test_another_declaration(runs: Site) -> None:
    """The page that says whether runs are as declared is stale; not for a comment."""
    assert list(inputs(runs, "outdated")["yaml"]) == [DECLARED]
    assert "file" not in inputs(runs, "outdated")
    runs.write(DECLARED, "# because\nquestion: Why?\n")
    assert changed(runs) == {}
    runs.write(DECLARED, "question: How?\n")
    assert changed(runs) == {"outdated.qmd": [f"`{DECLARED}` changed"]}
    (runs.root / DECLARED).unlink()
    assert changed(runs) == {"outdated.qmd": [f"`{DECLARED}` is gone"]}
