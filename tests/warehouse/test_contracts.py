"""Contracts: each rule, what is said where it is broken, and what each policy does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.errors import SourceError
from analysis.warehouse.contracts import scan as scanning
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.contracts import GOOD, HEAD, declare

RULES = [
    pytest.param({"customers": "range: [1, 9]"}, "2026-01-04,north,10,0\n", "range", id="range"),
    pytest.param({"customers": "range: [1, null]"}, "2026-01-04,north,0,0\n", "range", id="low"),
    pytest.param({"share": "range: [0, 1]"}, "2026-01-04,north,1,nan\n", "range", id="nan"),
    pytest.param({"shop": "values: [north, south]"}, "2026-01-04,west,1,0\n", "values", id="value"),
    pytest.param({"customers": "values: [3, 4]"}, "2026-01-04,north,5,0\n", "values", id="number"),
    pytest.param({"shop": "pattern: '[a-z]+'"}, "2026-01-04,North,1,0\n", "pattern", id="pattern"),
    pytest.param({"shop": "nullable: false"}, "2026-01-04,,1,0\n", "missing", id="missing"),
    pytest.param({"customers": "unique: true"}, "2026-01-04,x,4,0\n", "unique", id="unique"),
    pytest.param({"contract": "key: day"}, "2026-01-02,north,1,0\n", "key", id="key"),
    pytest.param(
        {"contract": "unique: [[day, shop]]"}, "2026-01-02,south,1,0\n", "unique", id="together"
    ),
    pytest.param(
        {"shop": "references: shops.code"}, "2026-01-04,west,1,0\n", "foreign key", id="reference"
    ),
    pytest.param(
        {"contract": "checks: [{name: few, expect: customers * share < 5}]"},
        "2026-01-04,north,10,0.5\n",
        "expect",
        id="expression",
    ),
    pytest.param({}, "2026-01-04,north,many,0\n", "type", id="type"),
    pytest.param({}, "2026-01-04,north,1.5,0\n", "type", id="loss"),
]


@pytest.mark.parametrize(("parts", "row", "kind"), RULES)
def test_rule_fails_with_file_and_line(
    folder: Folder, parts: dict[str, str], row: str, kind: str
) -> None:
    declare(folder, GOOD + row, **parts)
    error = error_of(folder)
    assert str(error.where) == "data/raw/visits.csv:5"
    assert error.hint
    declare(folder, GOOD, **parts)
    ingest(folder.project)
    assert folder.query("select count(*) from raw.visits") == [(3,)]
    checks = folder.query("select kind, violations, passed from meta.checks where source='visits'")
    assert (kind, 0, True) in checks


@pytest.mark.parametrize(("parts", "row", "kind"), RULES)
def test_quarantine_sets_the_row_aside(
    folder: Folder, parts: dict[str, str], row: str, kind: str
) -> None:
    declare(folder, GOOD + row, "quarantine", **parts)
    result = ingest(folder.project)
    assert folder.query("select count(*) from raw.visits") == [(3,)]
    found = folder.query(
        "select day, shop, customers, _row, len(_reasons) from raw.visits__rejected"
    )
    values: list[Any] = [text or None for text in row.strip().split(",")]
    assert found == [(*values[:3], 4, 1)]
    assert folder.query("select rejected, rows from meta.sources where name = 'visits'") == [(1, 3)]
    assert [source.rejected for source in result.sources] == [0, 1]
    assert "raw.visits__rejected" in " ".join(map(str, result.warnings))
    checks = folder.query("select kind from meta.checks where not passed and violations = 1")
    assert (kind,) in checks


@pytest.mark.parametrize(("parts", "row", "kind"), RULES)
def test_warn_names_it_and_keeps_the_row(
    folder: Folder, parts: dict[str, str], row: str, kind: str
) -> None:
    declare(folder, GOOD + row, "warn", **parts)
    if kind == "type":
        assert "does not fit INTEGER" in error_of(folder).what
        return
    result = ingest(folder.project)
    assert len(result.warnings) == 1
    told = str(result.warnings[0])
    assert "in 1 row" in told or "`few`" in told
    assert told.startswith("data/sources.yml:1")
    assert folder.query("select count(*) from raw.visits") == [(4,)]
    assert not ingest(folder.project).warnings


def test_equal_hashes_of_different_rows_are_no_fault(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "HASH", "(hash({}) % 2)")
    declare(folder, contract="unique: [[day, shop]]")
    ingest(folder.project)
    assert folder.query("select count(*) from raw.visits") == [(3,)]


def test_policy_of_a_column_and_of_a_check_wins(folder: Folder) -> None:
    declare(
        folder,
        GOOD + "2026-01-04,west,99,0\n2026-01-04,west,5,0\n",
        "quarantine",
        shop="references: shops.code, on_violation: warn",
        customers="range: [0, 9]",
    )
    result = ingest(folder.project)
    assert folder.query("select shop from raw.visits__rejected") == [("west",)]
    assert folder.query("select count(*) from raw.visits where shop = 'west'") == [(1,)]
    assert [w for w in result.warnings if "is not in shops.code in 2 rows" in w.what]


def test_all_broken_rules_are_told(folder: Folder) -> None:
    row = "2026-01-04,west,99,0\n"
    declare(folder, GOOD + row, shop="values: [north, south]", customers="range: [0, 9]")
    what = error_of(folder).what
    assert "`shop` is none of" in what
    assert "`customers` lies outside 0 to 9 in 1 row" in what


def test_row_of_several_reasons_is_set_aside_once(folder: Folder) -> None:
    rows = GOOD + "2026-01-04,west,99,x\n2026-01-04,west,99,0\n"
    parts = {"shop": "values: [north, south]", "customers": "range: [0, 9], unique: true"}
    declare(folder, rows, "quarantine", **parts)
    ingest(folder.project)
    found = folder.query("select _row, len(_reasons) from raw.visits__rejected order by _row")
    assert found == [(4, 3), (5, 3)]


def test_lines_that_are_no_rows_are_set_aside(folder: Folder) -> None:
    rows = HEAD + "2026-01-01,a,1,0\n2026-01-02,b\n2026-01-03,c,2,0,9\n2026-01-04,d,3,0\n"
    declare(folder, rows, "quarantine")
    ingest(folder.project)
    assert folder.query("select shop from raw.visits order by day") == [("a",), ("d",)]
    found = folder.query("select _file, _line, _text from raw.visits__rejected order by _line")
    assert found == [
        ("data/raw/visits.csv", 3, "2026-01-02,b"),
        ("data/raw/visits.csv", 4, "2026-01-03,c,2,0,9"),
    ]


@pytest.mark.parametrize(
    ("bounds", "said"),
    [("[4, null]", "at least 4"), ("[null, 2]", "at most 2"), ("[0, 2]", "it has 3 rows")],
)
@pytest.mark.parametrize("policy", ["fail", "quarantine"])
def test_number_of_rows(folder: Folder, policy: str, bounds: str, said: str) -> None:
    declare(folder, policy=policy, contract=f"rows: {bounds}")
    error = error_of(folder)
    assert said in error.what
    assert str(error.where) == "data/sources.yml:14"
    declare(folder, contract="rows: [1, 3]")
    ingest(folder.project)


def recent(age: timedelta) -> str:
    """Write rows whose newest is so old."""
    return HEAD + f"{datetime.now(UTC) - age:%Y-%m-%d},north,3,0.5\n"


def test_freshness_is_looked_at_also_when_nothing_changed(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(folder, recent(timedelta(days=9)), contract="fresh: 3d")
    assert "older than 3d" in error_of(folder).what
    declare(folder, recent(timedelta(days=1)), contract="fresh: 3d")
    ingest(folder.project)
    assert not ingest(folder.project).changed

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=5)

    monkeypatch.setattr("analysis.warehouse.ingest.datetime", Later)
    with pytest.raises(SourceError, match="older than 3d"):
        ingest(folder.project)
    declare(folder, recent(timedelta(days=1)), "warn", contract="fresh: 3d")
    result = ingest(folder.project)
    monkeypatch.undo()
    assert result.changed


def test_query_that_must_give_no_row(folder: Folder) -> None:
    check = "checks: [{name: all shops, no_rows: SQL}]"
    sql = "select code from raw.shops where code not in (select shop from raw.visits)"
    declare(folder, contract=check.replace("SQL", sql))
    ingest(folder.project)
    folder.write("data/raw/shops.csv", "code,size\nnorth,1\nsouth,2\nwest,3\n")
    with pytest.raises(SourceError) as caught:
        ingest(folder.project)
    assert "`all shops` has 1 row; the first is west" in caught.value.what
    assert str(caught.value.where) == "data/sources.yml:14"
    assert folder.query("select count(*) from raw.shops") == [(2,)]
    declare(folder, contract=check.replace("SQL", sql.replace("raw.visits", "raw.visit")))
    with pytest.raises(SourceError, match="`all shops` cannot be checked: Table with name visit"):
        ingest(folder.project)


def test_contract_alone_is_a_reason_to_read_again(folder: Folder) -> None:
    declare(folder)
    ingest(folder.project)
    declare(folder, customers="range: [0, 3]")
    with pytest.raises(SourceError, match="outside 0 to 3"):
        ingest(folder.project)
    assert folder.query("select count(*) from raw.visits") == [(3,)]


def test_change_of_what_is_referred_to_is_noticed(folder: Folder) -> None:
    declare(folder, shop="references: shops.code")
    ingest(folder.project)
    folder.write("data/raw/shops.csv", "code,size\nnorth,1\n")
    with pytest.raises(SourceError, match=r"`shop` is not in shops\.code in 2 rows"):
        ingest(folder.project)


def test_rejected_rows_are_taken_over_with_the_table(folder: Folder) -> None:
    declare(folder, GOOD + "2026-01-04,west,99,0\n", "quarantine", customers="range: [0, 9]")
    ingest(folder.project)
    folder.write("data/raw/shops.csv", "code,size\nnorth,7\n")
    result = ingest(folder.project)
    assert [(s.name, s.changed) for s in result.sources] == [("shops", True), ("visits", False)]
    assert folder.query("select _row from raw.visits__rejected") == [(4,)]


def test_source_may_refer_to_itself(folder: Folder) -> None:
    folder.write(
        "data/sources.yml",
        "sources: {tree: {description: T, kind: csv, path: t.csv, columns: "
        "{node: INTEGER, parent: {type: INTEGER, references: tree.node}}}}",
    )
    folder.write("t.csv", "node,parent\n1,\n2,1\n3,2\n")
    ingest(folder.project)
    folder.write("t.csv", "node,parent\n1,\n2,1\n3,7\n")
    with pytest.raises(SourceError, match=r"`parent` is not in tree\.node in 1 row") as caught:
        ingest(folder.project)
    assert str(caught.value.where) == "t.csv:4"


def test_column_that_is_new_is_named(folder: Folder) -> None:
    rows = GOOD.replace("share\n", "share,more\n").replace("5\n", "5,1\n").replace(",,\n", ",,,2\n")
    declare(folder, rows)
    assert "columns that are not declared: `more`" in error_of(folder).what
    declare(folder, rows, "warn")
    result = ingest(folder.project)
    told = "data/raw/visits.csv:1: the column `more` is not declared and is left out"
    assert [str(remark) for remark in result.warnings] == [told]
    assert folder.query("select count(*) from raw.visits") == [(3,)]
