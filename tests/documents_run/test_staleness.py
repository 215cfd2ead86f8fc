"""What makes a page stale, and only that page."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from analysis.documents.document import read_document
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.staleness import State, stale_reasons, state_of
from analysis.errors import ProjectError
from analysis.lineage import Reason
from tests.documents_run.conftest import Site


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project in which each page has an input of one kind; ``plain`` has none of them."""
    site = Site(tmp_path_factory.mktemp("original"))
    site.page("plain.qmd", "1")
    site.page("folder/inherits.qmd", "1")
    site.write("folder/_metadata.yml", "execute:\n  echo: false\n")
    site.write("_part.md", "Some text.\n")
    site.page("includes.qmd", "1", prose="{{< include _part.md >}}")
    site.write("src/tools/__init__.py", "_NAMES = {'speed': 'tools.speed'}\n")
    site.write("src/tools/speed.py", "from .units import KNOT\n")
    site.write("src/tools/units.py", "import yaml\nKNOT = 0.514\n")
    site.write("imports.qmd", "```{python}\n#| eval: false\nimport tools\n```\n")
    site.write("data/warehouse.json", '{"fingerprint": "one"}')
    site.page("queries.qmd", "import duckdb")
    site.write("data/extra/a.csv", "x\n1\n")
    site.page("declares.qmd", "1", front="analysis:\n  inputs: [data/extra/*.csv]")
    assert len(site.ran()) == 6
    return site


@pytest.fixture
def full(original: Site, tmp_path: Path) -> Site:
    """A copy of the project elsewhere, which is just as fresh."""
    shutil.copytree(original.root, tmp_path / "copy")
    return Site(tmp_path / "copy")


def changed(site: Site) -> dict[str, list[str]]:
    """Give the stale pages with the kinds and ids of their reasons."""
    project = site.project
    found = {}
    for source in project.documents:
        reasons = stale_reasons(project, read_document(project, source))
        if reasons:
            found[source] = [f"{reason.kind} {reason.id}" for reason in reasons]
    return found


Change = Callable[[Site], object]


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (
            lambda s: s.page("plain.qmd", "2"),
            {"plain.qmd": ["text plain.qmd"]},
        ),
        (
            lambda s: s.write("_part.md", "Other text.\n"),
            {"includes.qmd": ["include _part.md"]},
        ),
        (
            lambda s: s.write("folder/_metadata.yml", "execute:\n  echo: true\n"),
            {"folder/inherits.qmd": ["metadata folder/_metadata.yml"]},
        ),
        (
            lambda s: (s.root / "folder/_metadata.yml").unlink(),
            {"folder/inherits.qmd": ["metadata folder/_metadata.yml"]},
        ),
        (
            lambda s: s.write("src/tools/units.py", "import yaml\nKNOT = 0.5144\n"),
            {"imports.qmd": ["module src/tools/units.py"]},
        ),
        (
            lambda s: s.write("data/warehouse.json", '{"fingerprint": "two"}'),
            {"queries.qmd": ["warehouse data/warehouse.duckdb"]},
        ),
        (
            lambda s: s.write("data/extra/a.csv", "x\n2\n"),
            {"declares.qmd": ["input data/extra/*.csv"]},
        ),
        (
            lambda s: s.write("data/extra/b.csv", "x\n1\n"),
            {"declares.qmd": ["input data/extra/*.csv"]},
        ),
    ],
    ids=[
        "text",
        "include",
        "metadata",
        "metadata gone",
        "module",
        "warehouse",
        "input",
        "new input",
    ],
)
def test_a_change_makes_the_page_that_depends_on_it_stale_and_no_other(
    full: Site, change: Change, stale: dict[str, list[str]]
) -> None:
    change(full)
    assert changed(full) == stale


def test_what_made_a_page_stale_is_settled_by_its_run(full: Site) -> None:
    full.write("src/tools/units.py", "KNOT = 1\n")
    full.write("data/extra/b.csv", "x\n")
    assert full.ran() == ["declares.qmd", "imports.qmd"]
    assert changed(full) == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda s: os.utime(s.root / "plain.qmd", (1, 1)),
        lambda s: s.write("notes.txt", "unused"),
        lambda s: s.write("src/tools/unused.py", "x = 1\n"),
        lambda s: s.write("_quarto.yml", "website:\n  title: New\nproject:\n  type: website\n"),
    ],
    ids=["touched", "unrelated", "module that nothing imports", "title of the site"],
)
def test_what_does_not_matter_makes_nothing_stale(full: Site, change: Change) -> None:
    change(full)
    assert changed(full) == {}


def test_settings_of_execution_matter_to_every_page(full: Site) -> None:
    full.write("_quarto.yml", "project:\n  type: website\nexecute:\n  echo: false\n")
    assert changed(full) == {page: ["config _quarto.yml"] for page in full.project.documents}


def test_a_new_metadata_file_matters_below_its_folder(full: Site) -> None:
    full.write("folder/deep/page.qmd", "```{python}\n1\n```\n")
    full.ran()
    full.write("folder/deep/_metadata.yml", "lang: de\n")
    assert changed(full) == {"folder/deep/page.qmd": ["metadata folder/deep/_metadata.yml"]}


def test_another_version_of_an_imported_package_is_a_reason(full: Site) -> None:
    path = full.root / "_freeze/imports/inputs.json"
    inputs = json.loads(path.read_text())
    assert list(inputs["package"]) == ["PyYAML"]  # imported by a module that the page imports
    inputs["package"]["PyYAML"] = "0.1"
    path.write_text(json.dumps(inputs))
    project = full.project
    (reason,) = stale_reasons(project, read_document(project, "imports.qmd"))
    assert (reason.kind, reason.id, reason.then) == ("package", "PyYAML", "0.1")


def test_pages_depend_on_the_version_of_this_package_where_it_is_not_their_own(site: Site) -> None:
    site.page("page.qmd", "from analysis import db")
    site.run()
    packages = json.loads((site.root / "_freeze/page/inputs.json").read_text())["package"]
    assert packages["analysis"] == metadata.version("analysis")
    assert packages["duckdb"] == metadata.version("duckdb")


def test_inputs_are_stored_one_a_line_sorted_and_relative(full: Site) -> None:
    text = (full.root / "_freeze/imports/inputs.json").read_text()
    inputs = json.loads(text)
    assert list(inputs) == sorted(inputs)
    assert list(inputs["module"]) == [
        "src/tools/__init__.py",
        "src/tools/speed.py",
        "src/tools/units.py",
    ]
    assert str(full.root) not in text and text.endswith("}\n")


def test_a_page_that_never_ran_and_one_whose_inputs_are_unknown(full: Site) -> None:
    full.page("new.qmd", "1")
    (full.root / "_freeze/plain/inputs.json").unlink()
    project = full.project
    new = state_of(project, read_document(project, "new.qmd"))
    assert (new.state, [str(reason) for reason in new.reasons]) == (State.NEVER, ["never run"])
    plain = state_of(project, read_document(project, "plain.qmd"))
    assert plain.state is State.STALE
    assert plain.reasons == (Reason("unknown inputs", "plain.qmd", None, None),)


def test_a_page_without_code_is_fresh(site: Site) -> None:
    site.write("prose.qmd", "# Words\n\n```python\nnot run\n```\n")
    document = read_document(site.project, "prose.qmd")
    assert state_of(site.project, document).state is State.FRESH


def test_an_input_outside_the_project_fails_that_page_alone(site: Site) -> None:
    site.page("good.qmd", "1")
    site.page("bad.qmd", "1", front="analysis:\n  inputs: ['../secret.csv']")
    result = site.run()
    assert [outcome.source for outcome in result.ran] == ["good.qmd"]
    error = result.failed[0].error
    assert isinstance(error, ProjectError) and "outside the project" in error.what


def test_a_thousand_fresh_pages_are_checked_quickly(site: Site) -> None:
    site.write("_metadata.yml", "lang: en\n")
    site.page("pages/p000.qmd", "import pandas, duckdb, altair")
    site.run()
    for number in range(1, 1000):
        site.page(f"pages/p{number:03}.qmd", "import pandas, duckdb, altair")
    project = site.project
    documents = [read_document(project, source) for source in project.documents]
    inputs = json.loads((site.root / "_freeze/pages/p000/inputs.json").read_text())
    text = inputs["text"].popitem()[1]
    for document in documents:
        stem = document.source.removesuffix(".qmd")
        inputs["text"] = {document.source: text}
        site.write(f"_freeze/{stem}/inputs.json", json.dumps(inputs))
        site.write(f"_freeze/{stem}/execute-results/html.json", "{}")
    start = time.perf_counter()
    now = Fingerprints(project)
    assert not any(stale_reasons(project, document, now) for document in documents)
    seconds = time.perf_counter() - start
    assert seconds < 1, seconds
