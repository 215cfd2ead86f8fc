"""A site on experiments: pages come and go with runs, and the graph leads through them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.experiments.runs.inputs import inputs_of
from analysis.experiments.runs.store import runs_of
from analysis.lineage.system import RUNS_FOLDER
from analysis.project import find_project
from tests.helpers.projects import Outcome, analysis, write_project
from tests.helpers.runs import write_experiment, write_run

SOURCES = """\
sources:
  trips:
    description: Trips
    kind: csv
    path: trips.csv
    columns: {id: INTEGER, late: BOOLEAN, distance: DOUBLE, hour: INTEGER, carrier: VARCHAR,
      wind: DOUBLE, seats: INTEGER}
"""
TEMPLATE = """\
---
title: "{{{title}}}"
analysis:
  for-each: {query}
---

```{{python}}
#| tags: [parameters]
{names} = None
```

```{{python}}
import analysis
from analysis.lineage import UNOBSERVED, note_experiment, note_run
{code}
```
"""
EXPERIMENT = TEMPLATE.format(
    title="name",
    query="select name from meta.experiments order by name",
    names="name",
    code="""note_experiment(name)
sql = f"{UNOBSERVED} count(*) from meta.runs where experiment = ?"
print(name, "has runs:", analysis.db().execute(sql, [name]).fetchall())""",
)
RUN = TEMPLATE.format(
    title="candidate",
    query="select run as page, experiment, candidate from meta.runs order by run",
    names="page = experiment = candidate",
    code="note_run(experiment, page)\nprint(candidate)",
)
PAGE = "---\ntitle: A page\n---\n\n```{{python}}\nimport analysis\n{}\n```\n"
ASK = "print(analysis.db().execute('{}').fetchall())"
FILES = {
    "data/sources.yml": SOURCES,
    "trips.csv": "id,late,distance,hour,carrier,wind,seats\n1,true,10,7,AA,3,100\n",
    "data/sql/features/base.sql": "-- All.\nselect * from raw.trips",
    "data/sql/features/plan.sql": "-- Plan.\nselect id, distance, hour, carrier from features.base",
    "data/sql/features/weather.sql": "-- Weather.\nselect id, wind, seats from raw.trips",
    "data/sql/features/other.sql": "-- Other.\nselect id from raw.trips",
    "data/sql/samples/trips.sql": "-- Trips.\nselect id, late from raw.trips",
    "pages/_experiment.qmd": EXPERIMENT,
    "pages/runs/_run.qmd": RUN,
    "all.qmd": PAGE.format(ASK.format("select name, runs from meta.experiments order by name")),
    "plan.qmd": PAGE.format(ASK.format("select count(*) from features.plan")),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the site once, with one experiment."""
    root = write_project(tmp_path_factory.mktemp("experiments"), FILES)
    outcome = publish(root)
    assert outcome.code == 0 and "2 pages, 2 run" in outcome.out, outcome.out + outcome.err
    written = analysis(root, "status").out
    assert "no pages yet" not in written and "other pages" not in written
    write_experiment(root, "trial", 2, honesty=False)
    return root


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    """Give a copy of it, in which there is an experiment and nothing was published since."""
    return Path(shutil.copytree(published, tmp_path / "copy", symlinks=True))


@pytest.fixture(scope="module")
def complete(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy in which the experiment was published; nothing changes it."""
    root = tmp_path_factory.mktemp("complete") / "copy"
    shutil.copytree(published, root, symlinks=True)
    assert publish(root).code == 0
    return root


def publish(root: Path) -> Outcome:
    """Publish without Quarto."""
    return analysis(root, "publish", "--renderer", "embedded")


def current(root: Path, page: str) -> str:
    """Read a page of the current release."""
    return (root / "published" / "current" / page).read_text()


def ran(outcome: Outcome) -> set[str]:
    """Name the pages that ran."""
    assert outcome.code == 0, outcome.out + outcome.err
    return {line.split()[1] for line in outcome.out.splitlines() if line.startswith("ran ")}


def test_pages_come_and_go_with_experiments(site: Path) -> None:
    """In one publication each, and the status says before why."""
    told = analysis(site, "status").out
    assert "stale   all.qmd   `meta.experiments` is new" in told
    assert "pages/_experiment.qmd has no pages yet: `analysis run` writes them" in told
    runs = {f"pages/runs/{run.run}.qmd" for run in runs_of(find_project(site), "trial")}
    assert ran(publish(site)) == {"all.qmd", "pages/trial.qmd", *runs}
    assert "trial has runs: [(2,)]" in current(site, "pages/trial.html")
    assert "0 run" in publish(site).out

    write_experiment(site, "späte Flüge", 1)
    told = analysis(site, "status").out
    assert "stale   all.qmd" in told and "experiment `späte Flüge`" in told
    assert "_experiment.qmd makes other pages now (1 new, 0 gone)" in told
    states = json.loads(analysis(site, "status", "--json").out)["templates"]
    assert {one["state"] for one in states} == {"others"}
    new = ran(publish(site))
    assert {"all.qmd", "pages/späte-Flüge.qmd"} < new and "pages/trial.qmd" not in new

    shutil.rmtree(site / RUNS_FOLDER / "trial")
    told = analysis(site, "status").out
    assert "pages/trial.qmd" in told and "experiment `trial` is gone" in told
    assert "is gone" in analysis(site, "status", "--why", sorted(runs)[0]).out
    outcome = publish(site)
    assert ran(outcome) == {"all.qmd"}
    assert "removed  pages/trial.qmd: its row is gone" in outcome.out
    assert not (site / "published/current/pages/trial.html").exists()
    assert "0 run" in publish(site).out


def test_more_runs_of_an_experiment(site: Path) -> None:
    """Its page runs again, and the new run has a page; those of other runs stay."""
    publish(site)
    write_experiment(site, "trial", 3, honesty=False)
    told = analysis(site, "status").out
    assert "experiment `trial` has other runs" in told
    assert "_run.qmd makes other pages now (1 new, 0 gone)" in told
    assert len(new := ran(publish(site))) == 3 and {"all.qmd", "pages/trial.qmd"} < new
    assert "trial has runs: [(3,)]" in current(site, "pages/trial.html")


def test_fresh_clone_runs_nothing(site: Path) -> None:
    """Runs are committed, and so are the results of the pages on them."""
    publish(site)
    for name in (".analysis", "published"):
        shutil.rmtree(site / name)
    for path in (*site.glob("data/warehouse.*"), *site.glob("pages/**/[!_]*.qmd")):
        path.unlink()
    outcome = publish(site)
    assert outcome.code == 0 and "5 pages, 0 run" in outcome.out, outcome.out


@pytest.mark.parametrize(
    ("name", "through"),
    [
        ("samples.trips", "samples.trips"),
        ("features.plan", "features.plan"),
        ("Features.BASE", "features.plan"),
        ("raw.trips", "features.plan, features.weather, samples.trips"),
        ("data/sql/features/weather.sql", "features.weather"),
        ("raw.trips.wind", "features.weather.wind"),
        ("features.plan.hour", "features.plan.hour"),
        ("samples.trips.late", "samples.trips.late"),
    ],
)
def test_impact_leads_through_experiments(complete: Path, name: str, through: str) -> None:
    """To the pages that read them, which follow when they are run again."""
    outcome = analysis(complete, "impact", name)
    assert f"experiment trial  through {through}\n" in outcome.out, outcome.out + outcome.err
    assert "pages/trial.qmd" in outcome.out and "all.qmd" in outcome.out
    assert "more once 1 experiment is run again" in outcome.out
    told = json.loads(analysis(complete, "impact", name, "--json").out)["experiments"]
    assert [one["through"] for one in told] == [through.split(", ")]


def test_impact_of_what_no_experiment_was_trained_on(site: Path) -> None:
    """Nor of what only runs used that are not current any more."""
    assert "experiment" not in analysis(site, "impact", "features.other").out
    run = write_run(site, "trial")
    data = replace(run.data, features={"features.other": ("id",)})
    old = write_run(site, "trial", "old", data=data)
    write_experiment(site, "trial", [old, run], outdated=1)
    assert "experiment" not in analysis(site, "impact", "features.other").out


def test_impact_of_an_experiment(complete: Path) -> None:
    """All pages that read it, or one of its runs; by its name, or by a file of it."""
    run = runs_of(find_project(complete), "trial")[0].run
    for name, pages in (("trial", 4), ("trial/experiment.json", 2), (f"trial/{run}/run.json", 3)):
        wanted = name if name == "trial" else f"{RUNS_FOLDER}/{name}"
        outcome = analysis(complete, "impact", wanted)
        assert f"a change of {wanted} re-runs {pages} pages" in outcome.out, outcome.out


def test_columns_of_runs_are_compared_with_those_of_now(site: Path) -> None:
    """By the record beside the warehouse, which is not opened."""
    project = find_project(site)
    runs = runs_of(project, "trial")
    known = inputs_of(project, runs)
    assert set(known) == {
        *(f"features.plan.{name}" for name in ("carrier", "distance", "hour")),
        *("features.weather.seats", "features.weather.wind"),
        *("samples.trips.id", "samples.trips.late"),
    }
    path = site / "trips.csv"
    path.write_text(path.read_text().replace(",3,", ",4,"))
    assert analysis(site, "ingest").code == 0
    now = inputs_of(project, runs)
    assert {name for name in known if known[name] != now[name]} == {"features.weather.wind"}
