"""Features that the reference does not show: each a folder with a page and what it must become.

Where the two differ, what the page became is written to the test's temporary folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from tests.site_body.pages import render_file

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
VARIABLES = {"site": {"address": "https://example.org/x"}, "flag": True}


@pytest.mark.parametrize("case", CASES)
def test_page_becomes_what_is_expected(case: str, tmp_path: Path) -> None:
    """The content is, byte for byte, that of ``expected.html``."""
    body = render_file(
        GOLDEN, f"{case}/page.qmd", variables=VARIABLES, environment={"NAME": "value"}
    )
    expected = GOLDEN / case / "expected.html"
    changed = tmp_path / "expected-changed.html"
    changed.write_text(body.content)
    assert body.content == expected.read_text(), f"compare {expected} with {changed}"


@pytest.mark.parametrize("case", CASES)
def test_ids_are_unique(case: str) -> None:
    """Also in layouts, tabs and callouts within each other."""
    text = (GOLDEN / case / "expected.html").read_text()
    ids = html.fragment_fromstring(text, create_parent="main").xpath(".//@id")
    assert sorted(ids) == sorted(set(ids))
