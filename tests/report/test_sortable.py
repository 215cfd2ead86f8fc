"""Tables that are sorted and filtered in the page, driven in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from analysis.report.html import Html
from analysis.report.sortable.table import Heading, keyed, sortable_table
from tests.helpers.browser import ask

HEADINGS = {
    "name": Heading("Name"),
    "score": Heading("Score", Html("0 to 1"), "descending", number=True),
    "note": Heading("Note", first=None),
}
# What a reader sees of the table.
STATE = """
const box = document.querySelector(".analysis-sortable");
const button = (name) => [...box.querySelectorAll("th button")].find((b) => b.textContent === name);
const state = () => ({
  names: [...box.querySelectorAll("tbody tr")].filter((row) => row.checkVisibility())
    .map((row) => row.cells[0].textContent.trim()),
  told: box.querySelector("output").textContent,
  sorts: [...box.querySelectorAll("th")].map((head) => head.getAttribute("aria-sort")),
});
const filter = (words) => {
  const field = box.querySelector("input");
  field.value = words;
  field.dispatchEvent(new Event("input"));
};
"""


def rows(count: int) -> list[dict[str, Any]]:
    """Make rows whose scores are in no order; the last has none."""
    scores = [round(i * 0.37 % 1, 3) for i in range(count - 1)]
    made = [
        {"name": f"run {i + 1}", "score": keyed(score, f"{score:.3f}"), "note": "Émile" * (i == 3)}
        for i, score in enumerate(scores)
    ]
    return [*made, {"name": "broken <b>", "score": keyed(None, "none"), "note": "failed"}]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Give a page with a table of six rows."""
    return write(tmp_path, 6)


def write(folder: Path, count: int, first: int = 25) -> Path:
    """Write a page with a table of so many rows."""
    table = sortable_table(rows(count), HEADINGS, things="runs", first=first)
    path = folder / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body>{table}</body>", "utf-8")
    return path


def test_without_its_script_the_table_is_whole() -> None:
    """All rows are there, and nothing that does nothing."""
    tree = html.fromstring(sortable_table(rows(40), HEADINGS, things="runs"))
    assert len(tree.findall(".//tbody/tr")) == 40
    assert not tree.xpath(".//tr[@hidden]|.//button|.//input")
    assert "broken <b>" in tree.text_content()
    heads = [" ".join(head.text_content().split()) for head in tree.iter("th")]
    assert heads == ["Name", "Score0 to 1", "Note"]


def test_headings_sort_both_ways_and_what_is_missing_stays_last(page: Path, tmp_path: Path) -> None:
    """The first click gives the order of the column; the same again turns it."""
    found = ask(
        page,
        STATE
        + """
        const seen = [state()];
        for (const name of ["Score", "Score", "Name", "Name"]) {
          button(name).click();
          seen.push(state());
        }
        return seen;
        """,
        tmp_path,
    )
    start, down, up, names, back = found
    assert start["names"] == ["run 1", "run 2", "run 3", "run 4", "run 5", "broken <b>"]
    assert start["sorts"] == ["none", "none", None]
    assert down["names"] == ["run 3", "run 5", "run 2", "run 4", "run 1", "broken <b>"]
    assert down["sorts"] == ["none", "descending", None]
    assert up["names"] == ["run 1", "run 4", "run 2", "run 5", "run 3", "broken <b>"]
    assert up["sorts"] == ["none", "ascending", None]
    assert names["sorts"] == ["ascending", "none", None]
    assert names["names"][0] == "broken <b>"
    assert back["names"] == list(reversed(names["names"]))


def test_numbers_in_names_are_in_their_order(tmp_path: Path) -> None:
    """`run 10` comes after `run 9`."""
    script = STATE + 'button("Name").click(); return state().names;'
    names = ask(write(tmp_path, 13), script, tmp_path)
    assert names == ["broken <b>", *(f"run {i}" for i in range(1, 13))]


def test_a_filter_takes_all_words_in_any_case_and_without_accents(
    page: Path, tmp_path: Path
) -> None:
    """It says how many rows are left, also when none is."""
    wanted = ["FAILED", "emile run", "nobody", ""]
    script = f"return {json.dumps(wanted)}.map((words) => {{ filter(words); return state(); }});"
    one, both, none, every = ask(page, STATE + script, tmp_path)
    assert one["names"] == ["broken <b>"]
    assert one["told"] == "1 of 6 runs"
    assert both["names"] == ["run 4"]
    assert (none["names"], none["told"]) == ([], "0 of 6 runs")
    assert len(every["names"]) == 6
    assert every["told"] == "6 runs"


def test_of_a_long_table_the_first_rows_are_shown_until_all_are_asked_for(tmp_path: Path) -> None:
    """Sorting and filtering go over all rows."""
    page = write(tmp_path, 1000, first=25)
    first, top, hit, every = ask(
        page,
        STATE
        + """
        const seen = [state()];
        button("Score").click();
        seen.push(state());
        filter("run 777");
        seen.push(state());
        filter("");
        [...box.querySelectorAll("button")].at(-1).click();
        seen.push(state());
        return seen;
        """,
        tmp_path,
    )
    assert len(first["names"]) == 25
    assert first["told"] == "25 of 1000 runs"
    scores = {f"run {i + 1}": round(i * 0.37 % 1, 3) for i in range(999)}
    best = sorted(scores.values(), reverse=True)[:25]
    assert [scores[name] for name in top["names"]] == best
    assert hit["names"] == ["run 777"]
    assert len(every["names"]) == 1000
    assert every["told"] == "1000 runs"


def test_it_can_be_used_by_keyboard_and_is_labelled(page: Path, tmp_path: Path) -> None:
    """Headings are buttons, the field has a name, and what changes is told."""
    found = ask(
        page,
        STATE
        + """
        const field = box.querySelector("input");
        button("Score").focus();
        return {
          field: field.labels[0].textContent,
          live: box.querySelector("output").getAttribute("aria-live"),
          focused: document.activeElement.textContent,
          types: [...box.querySelectorAll("button")].map((one) => one.type),
        };
        """,
        tmp_path,
    )
    assert found == {
        "field": "Filter",
        "live": "polite",
        "focused": "Score",
        "types": ["button"] * 3,
    }


def test_two_tables_of_a_page_know_nothing_of_each_other(tmp_path: Path) -> None:
    """Each has a script of its own."""
    table = sortable_table(rows(6), HEADINGS, things="runs")
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><body>{table}{table}</body>", "utf-8")
    script = (
        STATE
        + """
    button("Score").click();
    const [, other] = document.querySelectorAll(".analysis-sortable");
    return [state().names[0], other.querySelector("tbody td").textContent.trim()];
    """
    )
    assert ask(path, script, tmp_path) == ["run 3", "run 1"]
