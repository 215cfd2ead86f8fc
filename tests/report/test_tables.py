"""Tables in one look."""

from __future__ import annotations

import pandas as pd
from lxml import html

from analysis import percent, table

FRAME = pd.DataFrame(
    {
        "carrier": ["a", "b"],
        "n": [1234, 5],
        "rate": [0.5, None],
        "delay": [-1.25, 2],
        "day": pd.to_datetime(["2013-01-01", "2013-02-01"]),
    }
)


def _cells(result: object) -> list[list[str]]:
    tree = html.fromstring(result.as_raw_html())  # type: ignore[attr-defined]
    return [[cell.text_content().strip() for cell in row] for row in tree.findall(".//tr")]


def test_labels_choose_order_and_name_columns() -> None:
    rows = _cells(table(FRAME, {"rate": "Late", "carrier": "Carrier"}, formats={"rate": percent}))
    assert rows == [["Late", "Carrier"], ["50.0%", "a"], ["\N{EN DASH}", "b"]]


def test_columns_are_written_by_their_kind() -> None:
    rows = _cells(table(FRAME))
    assert rows[0] == ["carrier", "n", "rate", "delay", "day"]
    assert rows[1] == ["a", "1,234", "0.5", "\N{MINUS SIGN}1.2", "1 January 2013"]


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    tree = html.fromstring(table(FRAME).as_raw_html())
    first = tree.findall(".//tbody/tr")[0]
    sides = ["gt_right" in cell.get("class") for cell in first]
    assert sides == [False, True, True, True, True]


def test_the_same_content_gives_the_same_bytes_and_other_content_another_id() -> None:
    first, again = table(FRAME).as_raw_html(), table(FRAME.copy()).as_raw_html()
    assert first == again
    other = table(FRAME.assign(n=[1, 2])).as_raw_html()
    assert html.fromstring(first).get("id") != html.fromstring(other).get("id")
    assert html.fromstring(table(FRAME, id="mine").as_raw_html()).get("id") == "mine"


def test_spanners_and_notes_are_shown() -> None:
    text = table(FRAME, spanners={"Both": ["n", "rate"]}, note="By *us*.").as_raw_html()
    assert "Both" in text
    assert "<em>us</em>" in text
