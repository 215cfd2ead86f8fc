"""What `quarto render` meets through our hooks: results for every page, and a release after it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.helpers.projects import QUARTO_YML, Outcome, analysis, write_project

GOOD = "---\ntitle: One\n---\n\n```{python}\nprint('good', 6 * 7)\n```\n"
BAD = GOOD + "\n```{python}\n1 / 0\n```\n"
HOOKS = QUARTO_YML.replace(
    "type: website",
    "type: website\n"
    "  pre-render: analysis hook pre-render\n"
    "  post-render: analysis hook post-render",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project with hooks and one page with code."""
    files: dict[str, str | bytes] = {"_quarto.yml": HOOKS, "index.qmd": "Home\n", "one.qmd": GOOD}
    return write_project(tmp_path / "project", files)


def pre_render(root: Path) -> Outcome:
    """Call the hook as Quarto does: in the project's folder, with its variables."""
    return analysis(
        root, "hook", "pre-render", QUARTO_PROJECT_DIR=str(root), QUARTO_PROJECT_RENDER_ALL="1"
    )


def frozen(root: Path) -> dict[str, object]:
    """Read the page's result as Quarto reads it."""
    path = root / "_freeze" / "one" / "execute-results" / "html.json"
    return json.loads(path.read_text())  # type: ignore[no-any-return]


def is_used_by_quarto(root: Path) -> bool:
    """Say whether Quarto takes the result instead of running the page: the hash must match."""
    text = (root / "one.qmd").read_bytes()
    return frozen(root)["hash"] == hashlib.md5(text, usedforsecurity=False).hexdigest()


def test_pre_render_gives_quarto_a_result(root: Path) -> None:
    """Quarto then runs no cell."""
    assert pre_render(root).code == 0
    assert is_used_by_quarto(root)
    assert "good 42" in json.dumps(frozen(root)["result"])


def test_failed_page_reaches_quarto_under_a_banner(root: Path) -> None:
    """The last good result is shown, Quarto runs no cell, and the next good run replaces all."""
    pre_render(root)
    before = frozen(root)
    (root / "one.qmd").write_text(BAD)
    outcome = pre_render(root)
    assert outcome.code == 0, "a hook that fails would stop Quarto"
    assert "ZeroDivisionError" in outcome.err
    assert is_used_by_quarto(root)
    shown = json.dumps(frozen(root)["result"])
    assert "good 42" in shown and "out of date" in shown and "ZeroDivisionError" not in shown
    (root / "one.qmd").write_text(GOOD)
    pre_render(root)
    assert frozen(root) == before


def test_failed_page_without_result_reaches_quarto_as_a_notice(root: Path) -> None:
    """A page that never ran is still rendered, with a short notice."""
    (root / "one.qmd").write_text(BAD)
    pre_render(root)
    assert is_used_by_quarto(root)
    assert "could not be computed" in json.dumps(frozen(root)["result"])
    outcome = analysis(root, "publish", "--renderer", "embedded")
    page = (root / "published" / "current" / "one.html").read_text()
    assert outcome.code == 1 and page.count("could not be computed") == 1


def test_last_good_result_survives_a_banner(root: Path) -> None:
    """A page that fails twice shows one banner over its first good result."""
    pre_render(root)
    (root / "one.qmd").write_text(BAD)
    pre_render(root)
    pre_render(root)
    shown = json.dumps(frozen(root)["result"])
    assert shown.count("out of date") == 1 and "good 42" in shown


def test_post_render_releases_what_quarto_wrote(root: Path) -> None:
    """Only a whole site is released."""
    write_project(root / "_site", {"index.html": "<p>by Quarto</p>", "one.html": "<p>One</p>"})
    (root / "_site" / "_quarto.yml").unlink()
    part = analysis(root, "hook", "post-render", QUARTO_PROJECT_DIR=str(root))
    assert part.code == 0 and not (root / "published").exists()
    outcome = analysis(
        root, "hook", "post-render", QUARTO_PROJECT_DIR=str(root), QUARTO_PROJECT_RENDER_ALL="1"
    )
    assert outcome.code == 0, outcome.err
    assert "by Quarto" in (root / "published" / "current" / "index.html").read_text()


@pytest.mark.quarto
@pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not installed")
def test_quarto_render_publishes(root: Path) -> None:
    """The real program runs no cell and its site is released."""
    (root / "one.qmd").write_text(BAD)
    done = subprocess.run(["quarto", "render"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (root / "published" / "current" / "one.html").read_text()
    assert "could not be computed" in page and "ZeroDivisionError" not in page
