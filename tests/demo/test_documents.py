"""The documents of the demo keep their own rules: captions, references, numbers from code."""

from __future__ import annotations

import re

import pytest

from analysis.documents.generated.existing import generated_pages
from analysis.project import open_project
from tests.demo.conftest import ROOT

PROJECT = open_project(ROOT)
# Not those that were written by a program: their templates are.
DOCUMENTS = sorted(set(PROJECT.documents) - set(generated_pages(PROJECT)))
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
INLINE = re.compile(r"`\{python\} .*?`", re.DOTALL)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _prose(name: str) -> str:
    return INLINE.sub("", CELL.sub("", FRONT.sub("", _text(name))))


def test_the_site_has_its_parts() -> None:
    assert "index.qmd" in DOCUMENTS
    assert sum(name.startswith("chapters/") for name in DOCUMENTS) >= 5
    dated = [name for name in DOCUMENTS if re.match(r"projects/\d{4}-\d\d-\d\d - ", name)]
    assert len(dated) >= 2
    assert all((ROOT / name).with_name("README.md").is_file() for name in dated)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_and_figures_are_labelled_described_and_referred_to(name: str) -> None:
    for cell in CELL.findall(_text(name)):
        label = re.search(r"^#\| label: (\S+)", cell, re.MULTILINE)
        if not label:
            assert not re.search(r"^(table|dots|alt)\(", cell, re.MULTILINE), cell
            continue
        kind = label.group(1).split("-")[0]
        assert re.search(rf"^#\| {kind}-cap: ", cell, re.MULTILINE), label
        assert kind == "tbl" or re.search(r"^#\| fig-alt: ", cell, re.MULTILINE), label
        assert f"@{label.group(1)}" in _prose(name), label


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_measured_number_is_typed_by_hand(name: str) -> None:
    found = re.findall(r"\d[\d,.]*\s?%|\d,\d{3}\b(?! miles)", _prose(name))
    assert not [number for number in found if number != "95%"]  # the level of intervals


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "chapters/" in name])
def test_a_chapter_says_what_it_does_not_say(name: str) -> None:
    assert "\n## What this does not say\n" in _text(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_results_have_an_order(name: str) -> None:
    for call in re.findall(r"\bquery\((.*?)\n\)|\bquery\((.*?)\)$", _text(name), re.DOTALL):
        assert "order by" in "".join(call)
