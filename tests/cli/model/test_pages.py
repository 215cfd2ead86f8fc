"""Pages on models: made of what there is, run again when it changes, explained and followed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.bundles import add_bundle, certify, stage
from tests.helpers.projects import analysis, write_project

PAGE = "---\ntitle: {title}\n---\n\n```{{python}}\nimport analysis\n{code}\n```\n"
TEMPLATE = """\
---
title: "Model {model}"
analysis:
  for-each: select distinct 'model.' || model as page, model from meta.models order by model
---

```{python}
#| tags: [parameters]
page = model = None
```

```{python}
import analysis
sql = "select number, stage from meta.models where model = ? order by number"
print(model, analysis.db().execute(sql, [model]).fetchall())
```
"""
FLOW = """\
from analysis.report.flow.project import read_flow
flow = read_flow()
for a, b in sorted(flow.edges): print(a, "->", b, flow.nodes[b].address)
"""
FILES = {
    "data/sources.yml": """\
sources:
  shops: {description: Shops, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
""",
    "shops.csv": "name\nnorth\n",
    "chapters/models/_model.qmd": TEMPLATE,
    "chapters/use.qmd": PAGE.format(title="Use", code="print(analysis.model('late-flights').name)"),
    "chapters/data/flow.qmd": PAGE.format(title="Flow", code=FLOW),
    "shops.qmd": PAGE.format(title="Shops", code="analysis.db().execute('from raw.shops')"),
}
MODEL_PAGE = "chapters/models/model.late-flights.qmd"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a champion, all of whose pages have run."""
    root = write_project(tmp_path_factory.mktemp("pages") / "site", FILES)
    stage(root, add_bundle(root), "champion")
    assert analysis(root, "ingest").code == 0
    outcome = analysis(root, "run")
    assert outcome.code == 0, outcome
    return root


@pytest.fixture
def root(ready: Path, tmp_path: Path) -> Path:
    """Give a copy of it."""
    return Path(shutil.copytree(ready, tmp_path / "copy"))


def result(root: Path, page: str) -> str:
    return (root / "_freeze" / page / "execute-results" / "html.json").read_text()


def ran(root: Path) -> list[str]:
    outcome = analysis(root, "run")
    assert outcome.code == 0, outcome
    return sorted(line.split()[1] for line in outcome.out.splitlines() if line.startswith("ran "))


def test_a_page_is_made_of_each_model_also_without_an_ingest(root: Path) -> None:
    assert "late-flights [(1, 'champion')]" in result(root, "chapters/models/model.late-flights")
    add_bundle(root, "penguins", "multiclass")
    assert "chapters/models/model.penguins.qmd" in ran(root)
    assert "penguins [(1, 'candidate')]" in result(root, "chapters/models/model.penguins")


def test_why_a_page_is_stale_is_said(root: Path) -> None:
    certify(root, add_bundle(root, seed=2))
    words = ("model", "stage", "late-flights@2", "champion", "--why", "better")
    assert analysis(root, *words).code == 0
    told = analysis(root, "status", "--why", "chapters/use.qmd").out
    assert "model `late-flights` is version 2, and was version 1" in told
    assert "model `late-flights`" in analysis(root, "status", "--why", MODEL_PAGE).out
    pages = ran(root)
    assert {"chapters/use.qmd", MODEL_PAGE} <= {*pages}
    assert "shops.qmd" not in pages
    assert "late-flights@2" in result(root, "chapters/use")
    assert ran(root) == []


@pytest.mark.parametrize("name", ["late-flights", "late-flights@1"])
def test_impact_follows_a_model(root: Path, name: str) -> None:
    outcome = analysis(root, "impact", name, "--json")
    assert outcome.code == 0, outcome
    pages = {one["page"]: one["through"] for one in json.loads(outcome.out)["pages"]}
    assert pages["chapters/use.qmd"] == [{"kind": "model", "id": "late-flights"}]
    assert pages[MODEL_PAGE] == [{"kind": "system", "id": "meta.models"}]
    assert "shops.qmd" not in pages


def test_impact_follows_a_file_of_a_model_and_knows_its_names(root: Path) -> None:
    path = next((root / "data/models/late-flights").glob("*/bundle.json"))
    outcome = analysis(root, "impact", path.relative_to(root).as_posix())
    assert "chapters/use.qmd" in outcome.out
    assert "did you mean `late-flights`" in analysis(root, "impact", "late-flight").err


def test_the_flow_leads_through_models(root: Path) -> None:
    found = result(root, "chapters/data/flow")
    assert "model late-flights -> page chapters/use.qmd" in found
    assert "-> model late-flights" not in found  # its experiment is not there


def test_a_board_elsewhere_is_looked_at_before_pages_run(root: Path, tmp_path: Path) -> None:
    board = tmp_path / "board"
    settings = {"pyproject.toml": f'[tool.analysis]\nmodels = "{board}"\n'}
    shutil.copytree(root / "data" / "models", board)
    shutil.rmtree(root / "data" / "models")
    write_project(root, settings)
    assert ran(root) == []
    other = write_project(tmp_path / "other", settings)
    stage(other, add_bundle(other, seed=2), "champion")
    assert "chapters/use.qmd" in ran(root)
    assert "late-flights@2" in result(root, "chapters/use")


def test_a_board_that_cannot_be_reached_stops_no_page(root: Path) -> None:
    write_project(root, {"pyproject.toml": '[tool.analysis]\nmodels = "https://example.org/x"\n'})
    outcome = analysis(root, "run", "shops.qmd")
    assert outcome.code == 0
    assert "pages see models as they last were here" in outcome.err
