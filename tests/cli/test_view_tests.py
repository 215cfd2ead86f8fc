"""Tests of views as data: what passes, what fails, and what is said of a mistake in them."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.projects import Outcome, analysis, write_project

SOURCES = """
sources:
  visits:
    description: Visits to shops
    kind: csv
    path: data/raw/missing.csv
    columns:
      day: DATE
      at: TIMESTAMP
      shop: VARCHAR
      customers: INTEGER
      rate: DOUBLE
      price: "DECIMAL(10,2)"
      open: BOOLEAN
"""
BUSY = """
/* key: shop */
select *, (case when customers > 2 then 'busy' else 'quiet' end)::enum('quiet', 'busy') as mood
from raw.visits
where customers is not null
order by customers desc
"""
TOTAL = "select mood, sum(customers) as n, avg(rate) as rate from features.busy group by mood"
CASES = """
- name: rows without customers are left out
  given:
    raw.visits:
      - {shop: north, customers: 3}
      - {shop: south}
  expect:
    - {shop: north, mood: busy, day: null}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a project with two views, without its data."""
    return write_project(
        tmp_path,
        {
            "data/sources.yml": SOURCES,
            "data/sql/features/busy.sql": BUSY,
            "data/sql/reports/total.sql": TOTAL,
            "tests/sql/features.busy.yml": CASES,
        },
    )


def run(root: Path, cases: str, view: str = "features.busy") -> Outcome:
    """Write the cases of a view, and run them."""
    (root / f"tests/sql/{view}.yml").write_text(cases)
    return analysis(root, "test", view)


def test_it_needs_neither_data_nor_a_warehouse(root: Path) -> None:
    outcome = analysis(root / "tests", "test")
    assert outcome.code == 0, outcome.err
    assert outcome.out.splitlines() == [
        "passed   features.busy (1 case)",
        "1 view tested",
        "without cases: reports.total",
    ]
    assert not (root / "data/warehouse.duckdb").exists()


@pytest.mark.parametrize("name", ["data/sql/features/busy.sql", "tests/sql/features.busy.yml"])
def test_a_view_is_named_by_a_file_too(root: Path, name: str) -> None:
    assert analysis(root, "test", name).out.startswith("passed   features.busy")


def test_failing_case_shows_the_rows_that_differ(root: Path) -> None:
    cases = CASES + (
        "- name: wrong\n"
        "  given: {raw.visits: [{shop: a, customers: 1}, {shop: b, customers: 5}]}\n"
        "  expect: [{shop: a, mood: busy}, {shop: b, mood: busy}, {shop: b, mood: busy}]\n"
    )
    outcome = run(root, cases)
    assert outcome.code == 1
    assert outcome.out.splitlines() == [
        "FAILED   features.busy (1 of 2 cases)",
        "tests/sql/features.busy.yml:9: wrong",
        "              shop  mood",
        "  missing     a     busy",
        "  missing     b     busy",
        "  unexpected  a     quiet",
        "1 view tested, 1 failed",
    ]


def test_rows_that_should_not_be_there_are_shown_whole(root: Path) -> None:
    outcome = run(root, "- {name: x, given: {raw.visits: [{customers: 1}]}, expect: []}\n")
    assert outcome.code == 1
    assert "              day   at    shop  customers  rate  price  open  mood" in outcome.out
    assert "  unexpected  NULL  NULL  NULL  1          NULL  NULL   NULL  quiet" in outcome.out


def test_order_counts_where_it_is_said_to(root: Path) -> None:
    cases = (
        "- name: order\n  ordered: {}\n"
        "  given: {{raw.visits: [{{shop: a, customers: 1}}, {{shop: b, customers: 5}}]}}\n"
        "  expect: [{{shop: a}}, {{shop: b}}]\n"
    )
    assert run(root, cases.format("false")).code == 0
    outcome = run(root, cases.format("true"))
    assert outcome.code == 1
    assert "  row 1 missing     a\n  row 1 unexpected  b\n  row 2 missing     b\n" in outcome.out


def test_a_view_that_is_given_is_a_table(root: Path) -> None:
    cases = """
- name: sums
  given:
    features.busy:
      - {mood: busy, customers: 3, rate: 0.1}
      - {mood: busy, customers: 4, rate: 0.2}
      - {mood: quiet, customers: null}
  expect:
    - {mood: busy, n: 7, rate: 0.15}
    - {mood: quiet, n: null, rate: null}
"""
    outcome = run(root, cases, "reports.total")
    assert outcome.code == 0, outcome.out + outcome.err


def test_unknown_views_are_told(root: Path) -> None:
    outcome = analysis(root, "test", "features.bussy")
    assert outcome.code == 2 and "did you mean `features.busy`?" in outcome.err
    outcome = analysis(root, "test", "reports.total")
    assert outcome.code == 2 and "write some in tests/sql/reports.total.yml" in outcome.err
    (root / "tests/sql/features.buzy.yml").write_text(CASES)
    outcome = analysis(root, "test")
    assert (
        outcome.code == 2 and "error: tests/sql/features.buzy.yml: there is no view" in outcome.err
    )


def test_only_views_that_count_must_be_right(root: Path) -> None:
    (root / "data/sql/reports/wrong.sql").write_text("select * from raw.nothing")
    assert analysis(root, "test", "features.busy").code == 0
    (root / "data/sql/features/busy.sql").write_text("select shop\nfrom raw.visit")
    outcome = analysis(root, "test", "features.busy")
    assert outcome.code == 2
    assert "error: data/sql/features/busy.sql:2: there is no relation `raw.visit`" in outcome.err


def test_view_that_fails_on_the_rows(root: Path) -> None:
    (root / "data/sql/features/busy.sql").write_text("select shop::int as n from raw.visits")
    outcome = run(root, "- {name: x, given: {raw.visits: [{shop: a}]}, expect: [{n: 1}]}")
    assert outcome.code == 1
    assert "tests/sql/features.busy.yml:1: x\n  the view fails on the given rows: " in outcome.out


def test_no_cases_at_all(root: Path) -> None:
    (root / "tests/sql/features.busy.yml").unlink()
    outcome = analysis(root, "test")
    assert outcome.code == 0
    assert outcome.out.startswith("0 views tested\nwithout cases: features.busy, reports.total")


def pytest_in(root: Path, *arguments: str) -> Outcome:
    """Run pytest in a project, with our plugin."""
    names = {point.name for point in importlib.metadata.entry_points(group="pytest11")}
    load = () if "analysis" in names else ("-p", "analysis.cli.pytest_plugin")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *load, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    return Outcome(done.returncode, done.stdout, done.stderr)


def test_pytest_collects_cases_and_tells_the_same(root: Path) -> None:
    wrong = "- {name: wrong, given: {raw.visits: [{shop: a, customers: 1}]}, expect: []}\n"
    (root / "tests/sql/features.busy.yml").write_text(CASES + wrong)
    (root / "tests/sql/reports.total.yml").write_text("- {name: x}\n")
    (root / "tests/other").mkdir()
    (root / "tests/other/some.yml").write_text("- {name: x}\n")
    outcome = pytest_in(root, "--continue-on-collection-errors")
    assert "1 failed, 1 passed, 1 error" in outcome.out
    told = analysis(root, "test", "features.busy").out.splitlines()[1:-1]
    assert "\n".join(told) in outcome.out
    assert "error: tests/sql/reports.total.yml:1: the key `expect` is missing" in outcome.out
    assert "Traceback" not in outcome.out and "some.yml" not in outcome.out


def test_pytest_leaves_other_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "tests/sql").mkdir(parents=True)
    (tmp_path / "tests/sql/features.busy.yml").write_text("- [\n")
    (tmp_path / "test_one.py").write_text("def test_one() -> None:\n    pass\n")
    outcome = pytest_in(tmp_path)
    assert (outcome.code, "1 passed" in outcome.out) == (0, True)


def test_the_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, analysis.cli.pytest_plugin\n"
        "print({'duckdb', 'pydantic', 'yaml', 'sqlglot', 'typer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
