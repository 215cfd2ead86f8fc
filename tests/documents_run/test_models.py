"""Pages that read models run again when these are others, and for no other cause."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from analysis.models.registry.registry import open_registry
from analysis.warehouse.ingest import ingest
from tests.documents_run.conftest import Site
from tests.documents_run.pages import changed
from tests.helpers.bundles import add_bundle, certify, stage

SOURCES = """
sources:
  shops: {description: Shops, kind: csv, path: shops.csv, columns: {name: VARCHAR}}
"""
QUERY = "from analysis import db\nprint(db().execute('''{}''').fetchall())"
MODEL = """
import analysis
late = analysis.model("{}")
rows = [dict(wind=12.5, hour=8, holiday=True, carrier="AA")]
print(late.name, late.stage, late.number, late.bundle.task, late.predict(rows).to_dict("list"))
"""
LATE, BIRDS = "late-flights", "penguins"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project of two models, and pages on all of them, on one, and that predict."""
    site = Site(tmp_path_factory.mktemp("models") / "site")
    site.write("data/sources.yml", SOURCES)
    site.write("shops.csv", "name\nnorth\n")
    stage(site.root, add_bundle(site.root, LATE), "champion")
    certify(site.root, add_bundle(site.root, LATE, seed=2))
    add_bundle(site.root, BIRDS, "multiclass")
    site.page("all.qmd", QUERY.format("select model, stage from meta.models order by all"))
    site.page("fields.qmd", QUERY.format("select count(*) from meta.model_fields"))
    site.page("events.qmd", QUERY.format("select count(*) from meta.model_events"))
    site.page("late.qmd", MODEL.format(LATE))
    site.page("second.qmd", MODEL.format(f"{LATE}@2"))
    site.page("shops.qmd", QUERY.format("from raw.shops"))
    ingest(site.project)
    assert len(site.ran()) == 6
    return site


@pytest.fixture
def models(ready: Site, tmp_path: Path) -> Site:
    """A copy of the project, all of whose pages have run."""
    shutil.copytree(ready.root, tmp_path / "copy")
    return Site(tmp_path / "copy")


def inputs(site: Site, page: str) -> dict[str, dict[str, object]]:
    """Read what a page depended on."""
    return json.loads((site.root / "_freeze" / page / "inputs.json").read_text())  # type: ignore[no-any-return]


def test_what_counts_is_the_model_and_not_its_files(models: Site) -> None:
    assert list(inputs(models, "late")["model"]) == [LATE]
    assert list(inputs(models, "second")["model"]) == [f"{LATE}@2"]
    assert list(inputs(models, "all")["system"]) == ["meta.models"]
    for page in ("late", "second", "all"):
        assert "file" not in inputs(models, page)
        assert "listing" not in inputs(models, page)


def test_a_page_predicts(models: Site) -> None:
    result = (models.root / "_freeze/late/execute-results/html.json").read_text()
    assert f"{LATE}@1 champion 1 binary" in result
    assert "'probability': [0." in result


def test_content_counts(models: Site) -> None:
    """Nothing is stale after a copy or a touch."""
    for path in (models.root / "data/models").rglob("*.json"):
        os.utime(path, (1, 1))
    assert changed(models) == {}
    assert models.ran() == []


def test_another_champion(models: Site) -> None:
    """The page on the model runs again, and those on all models, which say which one it was."""
    second = open_registry(models.project).find(f"{LATE}@2")
    stage(models.root, second, "champion")
    assert changed(models) == {
        "all.qmd": [f"`meta.models` changed: model `{LATE}`"],
        "events.qmd": [f"`meta.model_events` changed: model `{LATE}`"],
        "late.qmd": [f"model `{LATE}` is version 2, and was version 1"],
        "second.qmd": [f"model `{LATE}@2` is champion, and was candidate"],
    }
    assert len(models.ran()) == 4
    assert models.ran() == []


def test_a_new_version_and_another_model(models: Site) -> None:
    """Who uses the champion is left alone by a further candidate."""
    add_bundle(models.root, LATE, seed=3)
    assert changed(models).keys() == {"all.qmd", "events.qmd", "fields.qmd"}
    add_bundle(models.root, BIRDS, "multiclass", seed=3)
    assert changed(models)["fields.qmd"] == [
        f"`meta.model_fields` changed: models `{LATE}`, `{BIRDS}`"
    ]
    assert len(models.ran()) == 3


def test_a_new_certificate(models: Site) -> None:
    certify(models.root, open_registry(models.project).find(LATE))
    assert changed(models)["late.qmd"] == [f"something happened to the model `{LATE}`"]
    assert "second.qmd" not in changed(models)


def test_none_at_all(models: Site) -> None:
    shutil.rmtree(models.root / "data/models")
    assert changed(models)["all.qmd"] == ["`meta.models` is gone"]
    assert changed(models)["late.qmd"] == [f"model `{LATE}` is gone"]
