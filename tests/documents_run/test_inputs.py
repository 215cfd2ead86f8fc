"""What is stored of a page's inputs, and what a document may declare."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from analysis.documents.document import read_document
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.staleness import state_of
from analysis.errors import DocumentError
from analysis.lineage import Reason
from tests.documents_run.conftest import Site


def stored(site: Site, page: str) -> tuple[Path, dict[str, dict[str, object]]]:
    """Give the file of a page's inputs, and what is in it."""
    path = site.root / "_freeze" / page / "inputs.json"
    return path, json.loads(path.read_text())


def test_versions_are_told_then_and_now(full: Site) -> None:
    path, inputs = stored(full, "imports")
    assert list(inputs["package"]) == ["PyYAML"]  # imported by a module that the page imports
    inputs["package"] = {"PyYAML": "0.1", "gone": "1.0"}
    inputs["kernel"] = {"python3": "python 2.7"}
    path.write_text(json.dumps(inputs))
    (page,) = [state_of(Fingerprints(full.project), "imports.qmd")]
    version = metadata.version("PyYAML")
    assert [str(reason) for reason in page.reasons][1:] == [
        f"PyYAML 0.1 → {version}",
        "gone 1.0 is gone",
    ]
    assert str(page.reasons[0]).startswith("kernel `python3`: python 2.7 → python 3.")
    assert page.reasons[1] == Reason("package", "PyYAML", "0.1", version)


def test_pages_depend_on_this_package_where_it_is_not_their_own(full: Site) -> None:
    packages = stored(full, "view")[1]["package"]
    assert packages["analysis"] == metadata.version("analysis")
    assert packages["duckdb"] == metadata.version("duckdb")


def test_inputs_are_stored_one_a_line_sorted_and_relative(full: Site, original: Site) -> None:
    path, inputs = stored(full, "imports")
    text = path.read_text()
    assert list(inputs) == sorted(inputs)
    modules = ["src/tools/__init__.py", "src/tools/speed.py", "src/tools/units.py"]
    assert list(inputs["module"]) == modules
    assert str(original.root) not in text and text.endswith("}\n")


@pytest.mark.parametrize(
    ("front", "what", "line"),
    [
        ("analysis:\n  inputs: ['../secret.csv']", "outside the project", 4),
        ("analysis:\n  input: [a.csv]", "unknown key `analysis: input`", 4),
        ("analysis:\n  inputs: a.csv", "not a list of file patterns", 4),
        ("analysis:\n  max-age: soon", "`max-age: soon` is not a time", 4),
        ("analysis: 6h", "not keys with values", 3),
    ],
)
def test_what_is_declared_wrongly_is_told_with_its_line(
    site: Site, front: str, what: str, line: int
) -> None:
    site.page("page.qmd", "1", front=front)
    with pytest.raises(DocumentError) as caught:
        read_document(site.project, "page.qmd")
    assert what in caught.value.what and caught.value.hint
    assert caught.value.where is not None and str(caught.value.where) == f"page.qmd:{line}"


def test_what_a_folder_declares_wrongly_is_told_with_its_file(site: Site) -> None:
    site.write("folder/_metadata.yml", "lang: en\nanalysis:\n  max_age: 6h\n")
    site.page("folder/page.qmd", "1")
    with pytest.raises(DocumentError) as caught:
        read_document(site.project, "folder/page.qmd")
    assert str(caught.value.where) == "folder/_metadata.yml:3"
    assert caught.value.hint == "did you mean `max-age`?"
