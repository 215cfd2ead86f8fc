"""Publishing as a scheduler does: run what is stale, keep what is good, release in one step."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.helpers.projects import QUARTO_YML, analysis, snapshot, write_project

CODE = "---\ntitle: {title}\n---\n\n```{{python}}\nprint('{text}')\n```\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project of two pages with code and one without."""
    return write_project(
        tmp_path / "project",
        {
            "index.qmd": "---\ntitle: Home\n---\n\nSee [one](one.qmd).\n",
            "one.qmd": CODE.format(title="One", text="first text"),
            "two.qmd": CODE.format(title="Two", text="second text"),
        },
    )


def last_line(text: str) -> str:
    """Give the line with which a command ends."""
    return text.strip().splitlines()[-1]


def current(root: Path, page: str) -> str:
    """Read a page of the current release."""
    return (root / "published" / "current" / page).read_text()


def test_ends_with_one_line_that_says_what_happened(root: Path) -> None:
    """Where the site is, how many pages, how many were run, how long it took."""
    first = analysis(root, "publish")
    second = analysis(root, "publish")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert re.fullmatch(
        r"published/current/index\.html: 3 pages, 2 run, [\d.]+ s", last_line(first.out)
    )
    assert "3 pages, 0 run" in last_line(second.out)


def test_runs_only_the_page_that_changed(root: Path) -> None:
    """In a pipe there is one plain line for each page that ran."""
    analysis(root, "publish")
    (root / "one.qmd").write_text(CODE.format(title="One", text="new text"))
    outcome = analysis(root, "publish")
    assert "ran      one.qmd" in outcome.out
    assert "two.qmd" not in outcome.out
    assert "new text" in current(root, "one.html")


def test_failing_page_keeps_its_last_good_result_under_a_banner(root: Path) -> None:
    """Others go on, the exit code says so, and no traceback reaches a reader."""
    analysis(root, "publish")
    (root / "one.qmd").write_text(
        CODE.format(title="One", text="x") + "\n```{python}\n1 / 0\n```\n"
    )
    (root / "two.qmd").write_text(CODE.format(title="Two", text="newer text"))
    outcome = analysis(root, "publish")
    assert outcome.code == 1
    assert "one.qmd:10" in outcome.err and "ZeroDivisionError" in outcome.err
    page = current(root, "one.html")
    assert "first text" in page and "out of date" in page
    assert "ZeroDivisionError" not in page
    assert "newer text" in current(root, "two.html")
    release = (root / "published" / "current").readlink().name
    manifest = json.loads((root / "published" / "manifests" / f"{release}.json").read_text())
    (failure,) = manifest["failures"]
    assert failure["where"] == "one.qmd:10" and "Traceback" in failure["traceback"]
    site = b"".join(snapshot(root, "published/releases").values())
    assert b"ZeroDivisionError" not in site


def test_failing_page_without_a_good_result_gets_a_notice(root: Path) -> None:
    """A reader learns that the page is missing, not why."""
    (root / "one.qmd").write_text("```{python}\n1 / 0\n```\n")
    outcome = analysis(root, "publish")
    assert outcome.code == 1
    page = current(root, "one.html")
    assert "could not be computed" in page
    assert "ZeroDivisionError" not in page


def test_mended_page_loses_its_banner(root: Path) -> None:
    """The next good run replaces notice and failure."""
    (root / "one.qmd").write_text("```{python}\n1 / 0\n```\n")
    analysis(root, "publish")
    (root / "one.qmd").write_text(CODE.format(title="One", text="mended"))
    assert analysis(root, "publish").code == 0
    assert "mended" in current(root, "one.html")
    assert "could not be computed" not in current(root, "one.html")


def test_output_gets_the_plain_site(root: Path, tmp_path: Path) -> None:
    """With --output nothing is released."""
    outcome = analysis(root, "publish", "--output", str(tmp_path / "www"))
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "www" / "one.html").is_file()
    assert not (root / "published").exists()


def test_output_never_deletes_foreign_files(root: Path, tmp_path: Path) -> None:
    """A folder that holds other things is refused, untouched."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter.txt").write_text("dear")
    outcome = analysis(root, "publish", "--output", str(home))
    assert outcome.code != 0
    assert snapshot(home, ".") == {"letter.txt": b"dear"}


def test_no_release_leaves_published_alone(root: Path) -> None:
    """The site goes where Quarto would put it."""
    outcome = analysis(root, "publish", "--no-release")
    assert outcome.code == 0, outcome.err
    assert (root / "_site" / "one.html").is_file()
    assert not (root / "published").exists()


def test_nothing_changed_makes_no_new_release(root: Path) -> None:
    """A file that a page shows counts, a touched one does not."""
    (root / "pic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (root / "index.qmd").write_text("![A picture](pic.svg)\n")
    link = root / "published" / "current"
    analysis(root, "publish")
    first = link.readlink()
    (root / "pic.svg").touch()
    analysis(root, "publish")
    assert link.readlink() == first
    (root / "pic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>")
    analysis(root, "publish")
    assert link.readlink() != first
    assert "<g/>" in current(root, "pic.svg")


def test_missing_picture_is_named_until_it_is_there(root: Path) -> None:
    """The warning has file and line, and comes again as long as it is true."""
    (root / "index.qmd").write_text("Text\n\n![A picture](pic.svg)\n")
    for _ in range(2):
        assert "index.qmd:3" in analysis(root, "publish").err
    (root / "pic.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert "pic.svg" not in analysis(root, "publish").err
    assert (root / "published" / "current" / "pic.svg").is_file()


@pytest.mark.parametrize("folder", [".", "notes"])
def test_output_folder_with_other_things_is_not_replaced(root: Path, folder: str) -> None:
    """`output-dir` never costs a file that is no rendered site."""
    (root / "notes").mkdir()
    (root / "notes" / "letter.txt").write_text("dear")
    config = QUARTO_YML.replace("type: website", f"type: website\n  output-dir: {folder}")
    (root / "_quarto.yml").write_text(config)
    outcome = analysis(root, "publish", "--no-release")
    assert outcome.code in (2, 3) and "Traceback" not in outcome.err
    assert (root / "notes" / "letter.txt").read_text() == "dear"


def test_failing_render_keeps_the_current_release(root: Path) -> None:
    """A site that cannot be rendered is not released."""
    analysis(root, "publish")
    before = (root / "published" / "current").readlink()
    (root / "index.qmd").write_text("See @fig-none.\n")
    assert analysis(root, "publish").code == 2
    assert (root / "published" / "current").readlink() == before


def test_status_tells_states_and_reasons(root: Path) -> None:
    """The states are those of the next run."""
    analysis(root, "publish")
    (root / "one.qmd").write_text(CODE.format(title="One", text="new text"))
    (root / "three.qmd").write_text(CODE.format(title="Three", text="third"))
    pages = {
        page["page"]: page for page in json.loads(analysis(root, "status", "--json").out)["pages"]
    }
    states = {source: page["state"] for source, page in pages.items()}
    assert states == {
        "index.qmd": "fresh",
        "one.qmd": "stale",
        "three.qmd": "never",
        "two.qmd": "fresh",
    }
    assert [reason["id"] for reason in pages["one.qmd"]["reasons"]] == ["one.qmd"]
    why = analysis(root, "status", "--why", "one.qmd")
    assert "one.qmd" in why.out and "stale" in why.out


def test_quarto_is_asked_for_but_missing(root: Path) -> None:
    """The message names the extra that brings it."""
    outcome = analysis(root, "publish", "--renderer", "quarto", PATH="/usr/bin:/bin")
    assert outcome.code != 0
    assert "quarto" in outcome.err and "Traceback" not in outcome.err


def test_website_of_others_without_data_or_hooks(tmp_path: Path) -> None:
    """Any Quarto website folder can be given, from anywhere."""
    folder = write_project(
        tmp_path / "theirs",
        {"_quarto.yml": QUARTO_YML, "index.md": "# Hello\n", "sub/page.qmd": "Text\n"},
    )
    outcome = analysis(tmp_path, "publish", str(folder), "--output", str(tmp_path / "out"))
    assert outcome.code == 0, outcome.err
    assert (tmp_path / "out" / "sub" / "page.html").is_file()
