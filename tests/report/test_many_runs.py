"""The page of an experiment with two hundred runs, and the chapter where nothing has run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.browser import ask
from tests.helpers.experiment_site import board, page, project, publish, words
from tests.helpers.runs import write_experiment


def test_no_experiment_at_all(tmp_path: Path) -> None:
    """A friendly sentence, and no page but the overview."""
    pages = publish(project(tmp_path))
    assert [path.name for path in pages.glob("*.html")] == ["index.html"]
    assert "No experiment has run yet. Write one down" in words(page(pages, "index"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of an experiment with two hundred runs."""
    root = project(tmp_path_factory.mktemp("large"), "index", "_experiment")
    write_experiment(root, "large", 200, failed=3)
    return publish(root) / "experiment.large.html"


def test_a_page_with_two_hundred_runs_is_under_two_megabytes(large: Path) -> None:
    """With all of them in the table."""
    assert large.stat().st_size < 2_000_000
    assert len(board(page(large.parent, large.stem))) == 200


def test_the_published_table_sorts_and_filters(large: Path, tmp_path: Path) -> None:
    """In a real browser, as a reader does it, and without a request to any other host."""
    found = ask(
        large,
        """
        const box = document.querySelector(".analysis-sortable");
        const shown = () => [...box.querySelectorAll("tbody tr")]
          .filter((row) => row.checkVisibility()).map((row) => row.cells[0].textContent.trim());
        const seen = [shown()];
        [...box.querySelectorAll("th button")].find((b) => b.textContent === "Fit time").click();
        seen.push(shown());
        const field = box.querySelector("input");
        field.value = "failed";
        field.dispatchEvent(new Event("input"));
        seen.push(shown());
        const loaded = performance.getEntriesByType("resource");
        return [...seen, loaded.map((one) => new URL(one.name).protocol)];
        """,
        tmp_path,
    )
    start, by_time, failed, hosts = found
    assert len(start) == len(by_time) == 25
    assert start != by_time
    assert by_time[0].startswith("base rate")
    assert len(failed) == 3
    assert set(hosts) <= {"file:"}
