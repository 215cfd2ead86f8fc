"""docs/renderer.md names every option that the code knows, and tests that exist."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from analysis.site.body.known import HTML_OPTIONS, QUARTO_ONLY
from analysis.site.listing.config import KNOWN as LISTING
from analysis.site.navitems import KNOWN as ITEMS
from analysis.site.supported import FOOTER, NAVBAR, SIDEBAR, WEBSITE

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "renderer.md").read_text(encoding="utf-8")
WITH_EFFECT, ONLY_QUARTO = TEXT.split("## Options that only Quarto applies")
FEATURES, OPTIONS = WITH_EFFECT.split("## Options with an effect")
GOLDEN = ROOT / "tests" / "site_body" / "golden"


@pytest.mark.parametrize(
    "keys", [HTML_OPTIONS, WEBSITE, NAVBAR, SIDEBAR, FOOTER, ITEMS, LISTING], ids=len
)
def test_every_option_with_an_effect_is_named(keys: frozenset[str]) -> None:
    assert [key for key in sorted(keys) if f"`{key}`" not in OPTIONS] == []


def test_every_option_of_quarto_alone_is_named() -> None:
    assert [key for key in sorted(QUARTO_ONLY) if f"`{key}`" not in ONLY_QUARTO] == []
    assert not HTML_OPTIONS & QUARTO_ONLY


def test_every_option_that_is_read_is_known() -> None:
    source = (files("analysis.site.body") / "options.py").read_text(encoding="utf-8")
    read = set(re.findall(r'found(?:\.get\(|\[)"([a-z-]+)"', source))
    assert len(read) > 20
    assert read - HTML_OPTIONS == set()


def test_every_feature_names_a_test_that_exists() -> None:
    rows = [line for line in FEATURES.split("\n") if line.startswith("| ")][1:]
    assert len(rows) > 30
    for row in rows:
        shown = row.split(" | ")[3]
        assert re.search(r"reference|golden/|tests/", shown), row
        for path, _, name in (t.partition("::") for t in re.findall(r"`(tests/[^`]+)`", shown)):
            assert f"def {name}" in (ROOT / path).read_text(encoding="utf-8"), row


def test_every_golden_folder_is_named() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if path.is_dir()}
    assert set(re.findall(r"`golden/(\w+)`", FEATURES)) == folders
