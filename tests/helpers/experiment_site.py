"""A tiny project with the chapters about experiments as they are, and its published pages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import html

from tests.helpers.projects import analysis, write_project

ROOT = Path(__file__).parents[2]
CHAPTER = ROOT / "chapters" / "experiments"
FILES = {
    "data/sources.yml": """
sources:
  trips:
    description: Trips
    kind: csv
    path: data/raw/trips.csv
    columns: {id: INTEGER, late: BOOLEAN}
""",
    "data/raw/trips.csv": "id,late\n1,true\n2,false\n",
    "data/sql/samples/trips.sql": "/*\nkey: id\n*/\nselect id, late from raw.trips",
    "data/sql/features/weather.sql": "-- Weather.\nselect id, 1 as wind from raw.trips",
    "index.qmd": "---\ntitle: Home\n---\nHello\n",
}


def project(folder: Path, *documents: str) -> Path:
    """Write a project with documents of the chapter."""
    root = write_project(folder, FILES)
    (root / "chapters" / "experiments").mkdir(parents=True)
    for name in documents or ("index", "_experiment", "_run"):
        shutil.copy(CHAPTER / f"{name}.qmd", root / "chapters" / "experiments")
    (root / "chapters" / "data").mkdir()
    shutil.copy(ROOT / "chapters" / "data" / "_view.qmd", root / "chapters" / "data")
    return root


def publish(root: Path) -> Path:
    """Publish it, and give the folder of the chapter in the site."""
    outcome = analysis(root, "publish")
    assert outcome.code == 0, outcome.out + outcome.err
    return root / "published" / "current" / "chapters" / "experiments"


def page(folder: Path, name: str) -> html.HtmlElement:
    """Read the main part of a page."""
    return html.fromstring((folder / f"{name}.html").read_bytes()).find(".//main")


def words(tree: html.HtmlElement) -> str:
    """Give the text of a page, without scripts and styles."""
    for part in tree.xpath(".//script|.//style"):
        part.drop_tree()
    return " ".join(tree.text_content().split())


def told(root: Path, name: str) -> Mapping[str, Any]:
    """Read the summary of an experiment."""
    found: Mapping[str, Any] = json.loads(
        (root / "data" / "runs" / name / "experiment.json").read_text()
    )
    return found


def record(root: Path, name: str, run: str) -> Mapping[str, Any]:
    """Read the record of a run."""
    found: Mapping[str, Any] = json.loads(
        (root / "data" / "runs" / name / run / "run.json").read_text()
    )
    return found


def board(tree: html.HtmlElement) -> list[list[str]]:
    """Give the rows of the leaderboard."""
    rows = tree.find(".//div[@class='analysis-sortable']").findall(".//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
