"""Cases of views: how values are compared, and what is said of a mistake in the file."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError
from analysis.warehouse.ingest import ingest
from analysis.warehouse.views.bench import bench, read_declared
from analysis.warehouse.views.cases import read_cases
from analysis.warehouse.views.testing import run_case
from tests.cli.test_view_tests import BUSY, SOURCES
from tests.warehouse.conftest import VISITS, Folder


def run(folder: Folder, cases: str) -> list[str | None]:
    """Run the cases of the view, and give the failure of each."""
    folder.write("data/sources.yml", SOURCES)
    folder.write("data/sql/features/busy.sql", BUSY)
    folder.write("tests/sql/features.busy.yml", cases)
    declared = read_declared(folder.project)
    found = read_cases(folder.root, "tests/sql/features.busy.yml", declared.views)
    return [run_case(case, declared).failure for case in found]


@pytest.mark.parametrize(
    ("given", "expected", "passes"),
    [
        ("rate: 0.3", "rate: 0.30000000000000004", True),
        ("rate: 0.3", "rate: 0.300001", False),
        ("rate: .nan", "rate: .nan", True),
        ("rate: .inf", "rate: 1.0e+308", False),
        ("rate: 0", "rate: null", False),
        ("rate: null", "rate: null", True),
        ("at: 2026-01-02T03:04:05Z", "at: 2026-01-02 03:04:05", True),
        ("at: 2026-01-02 03:04", "at: 2026-01-02 03:04:00", True),
        ("at: 2026-01-02", "at: 2026-01-02 00:00:00", True),
        ("at: 2026-01-02 03:04:05", "at: 2026-01-02 03:04:06", False),
        ("day: 2026-01-02", "day: '2026-01-02'", True),
        ("price: 1.10", "price: 1.1", True),
        ("price: 1.10", "price: 1.11", False),
        ("open: true", "open: yes", True),
        ("open: true", "open: false", False),
        ("shop: ''", "shop: null", False),
    ],
)
def test_values_are_compared_by_their_types(
    folder: Folder, given: str, expected: str, passes: bool
) -> None:
    cases = (
        f"- name: x\n  given: {{raw.visits: [{{customers: 1, {given}}}]}}\n"
        f"  expect: [{{{expected}}}]\n"
    )
    [failure] = run(folder, cases)
    assert (failure is None) == passes, failure


@pytest.mark.parametrize(
    ("cases", "line", "what", "hint"),
    [
        ("- {name: x, expct: []}", 1, "unknown key `expct`", "`expect`"),
        ("- {name: x}", 1, "`expect` is missing", ""),
        ("- name: x\n  expect: []\n- name: x\n  expect: []", 3, "two cases `x`", "of its own"),
        ("name: x\nexpect: []", 1, "list of cases", "`- name: …`"),
        ("", 1, "list of cases", "`- name: …`"),
        ("- just text", 1, "not a mapping", ""),
        ("- [", 2, "not valid YAML", ""),
        ("- name: x\n  given: {raw.visit: []}\n  expect: []", 2, "`raw.visit`", "`raw.visits`"),
        (
            "- name: x\n  given: {features.busy: []}\n  expect: []",
            *(2, "no relation that `features.busy` can read", ""),
        ),
        (
            "- name: x\n  given:\n    raw.visits:\n      - {shap: a}\n  expect: []",
            *(4, "no column `shap`", "`shop`"),
        ),
        ("- name: x\n  expect:\n    - {moods: busy}", 3, "no column `moods`", "`mood`"),
        ("- name: x\n  expect:\n    - {mood: bsy}", 3, "does not fit the type ENUM", "bsy"),
        (
            "- name: x\n  expect:\n    - {mood: busy}\n    - {shop: a}",
            *(4, "do not all name the column `mood`", "write `null`"),
        ),
        ("- name: x\n  expect:\n    - {customers: 1.5}", 3, "1.5", "it would become 2"),
        ("- name: x\n  expect:\n    - {customers: '5'}", 3, "'5'", "without quotes"),
        ("- name: x\n  expect:\n    - {shop: NO}", 3, "False", "in quotes"),
        ("- name: x\n  expect:\n    - {open: 1}", 3, "1", "true or false"),
        ("- name: x\n  expect:\n    - {day: 2026-01-02 03:04:05}", 3, "datetime", "would become"),
        ("- name: x\n  expect:\n    - {price: 1.005}", 3, "1.005", "it would become"),
        ("- name: x\n  expect: [{}]", 2, "the expected rows name no column", "`expect: []`"),
    ],
)
def test_mistakes_are_told_with_their_line(
    folder: Folder, cases: str, line: int, what: str, hint: str
) -> None:
    with pytest.raises(AnalysisError) as caught:
        run(folder, cases)
    assert str(caught.value.where) == f"tests/sql/features.busy.yml:{line}"
    assert what in caught.value.what and hint in (caught.value.hint or "")


def test_times_with_a_zone_and_lists(folder: Folder) -> None:
    folder.write("data/sources.yml", SOURCES)
    sql = 'select "at"::timestamptz as zoned, [customers] as list from raw.visits'
    folder.write("data/sql/features/odd.sql", sql)
    given = "given: {raw.visits: [{at: 2026-01-02 03:04:05, customers: 1}]}"

    def outcome(expected: str) -> str | None:
        folder.write("tests/sql/features.odd.yml", f"- {{name: x, {given}, expect: [{expected}]}}")
        declared = read_declared(folder.project)
        [case] = read_cases(folder.root, "tests/sql/features.odd.yml", declared.views)
        return run_case(case, declared).failure

    assert outcome("{zoned: 2026-01-02 05:04:05+02:00, list: [1]}") is None
    assert "03:04:05+00" in (outcome("{zoned: '2026-01-02 03:04:06+00'}") or "")
    with pytest.raises(AnalysisError, match=r"\[1.4\] of `list` does not fit"):
        outcome("{list: [1.4]}")


def test_a_hashed_column_is_text_and_a_dropped_one_is_not_there(folder: Folder) -> None:
    cases = "- {name: x, given: {raw.people: [{name: 0f3a}]}, expect: [{name: 0f3a}]}"
    folder.write(
        "data/sources.yml",
        """
        sources:
          people:
            description: People
            kind: csv
            path: data/raw/people.csv
            columns:
              name: {type: VARCHAR, pii: true, protect: hash}
              born: {type: DATE, pii: true, protect: hash}
              phone: {type: VARCHAR, pii: true, protect: drop}
        """,
    )
    folder.write("data/sql/features/people.sql", "select * from raw.people")
    folder.write("tests/sql/features.people.yml", cases)
    declared = read_declared(folder.project)
    [case] = read_cases(folder.root, "tests/sql/features.people.yml", declared.views)
    assert run_case(case, declared).failure is None
    folder.write("tests/sql/features.people.yml", cases.replace("name: 0f3a}]}", "phone: '1'}]}"))
    [case] = read_cases(folder.root, "tests/sql/features.people.yml", declared.views)
    with pytest.raises(AnalysisError, match="no column `phone`"):
        run_case(case, declared)


def test_rows_that_were_set_aside_have_the_types_of_an_ingest(visits: Folder) -> None:
    visits.write("data/sources.yml", f"{VISITS}    on_violation: quarantine\n")
    visits.write("data/sql/features/v.sql", "select * from raw.visits__rejected")
    visits.write("tests/sql/features.v.yml", "- {name: x, expect: []}")
    declared = read_declared(visits.project)
    [case] = read_cases(visits.root, "tests/sql/features.v.yml", declared.views)
    with bench(case, declared) as con:
        tested = con.execute("describe raw.visits__rejected").fetchall()
    ingest(visits.project)
    assert visits.query("describe raw.visits__rejected") == tested
