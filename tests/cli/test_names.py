"""Page names that trip others: spaces, umlauts, apostrophes, quotes."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.helpers.projects import analysis, write_project

NAMES = ("a b.qmd", "größe.qmd", "it's.qmd", "2026-05-01 - Über uns/index.qmd", "日本.qmd")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a site of oddly named pages that link to each other."""
    links = "\n".join(f"- [{number}](<{name}>)" for number, name in enumerate(NAMES))
    page = "---\ntitle: Odd\n---\n\n```{python}\nprint('here', 6 * 7)\n```\n"
    files: dict[str, str | bytes] = dict.fromkeys(NAMES, page)
    root = write_project(tmp_path_factory.mktemp("odd"), {"index.qmd": links, **files})
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    return root


@pytest.mark.parametrize("name", NAMES)
def test_page_is_run_frozen_and_published(site: Path, name: str) -> None:
    """Each page has its result in _freeze and in the release."""
    stem = name.removesuffix(".qmd")
    frozen = json.loads((site / "_freeze" / stem / "execute-results" / "html.json").read_text())
    assert "here 42" in frozen["result"]["markdown"]
    assert "here 42" in (site / "published" / "current" / f"{stem}.html").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_it(site: Path, name: str) -> None:
    """The home page links to the published file."""
    home = (site / "published" / "current" / "index.html").read_text()
    target = name.removesuffix(".qmd") + ".html"
    assert target in home or quote(target) in home
