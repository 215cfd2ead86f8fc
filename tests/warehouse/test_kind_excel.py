"""Excel: sheets, values of cells, rows and columns that are empty, and workbooks that are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.kinds import COLUMNS, ROWS, declare, rows

HEADER = ["day", "shop", "customers"]
FIRST = [datetime(2026, 1, 1), "north", 3.0]
SECOND = [date(2026, 1, 2), "south", None]


def write(folder: Folder, *cells: Sequence[Any], sheet: str = "Visits", name: str = "v") -> Path:
    """Write a workbook whose second sheet has ``cells``."""
    book = Workbook()
    book.worksheets[0].title = "About"
    book.worksheets[0].append(["this is no table"])
    page = book.create_sheet(sheet)
    for row in cells:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return folder.write(f"raw/{name}.xlsx", out.getvalue())


@pytest.fixture
def visits(folder: Folder) -> Folder:
    """Declare a sheet."""
    declare(folder, kind="excel", path="raw/v.xlsx", sheet="Visits")
    return folder


@pytest.mark.parametrize(
    "cells",
    [
        [HEADER, FIRST, SECOND],
        [[], [], HEADER, FIRST, [], SECOND, [], [None, None]],
        [[*HEADER, None, None], [*FIRST, None], [*SECOND, None, None, None]],
        [["customers", "day", "shop"], [3, "2026-01-01", "north"], [None, SECOND[0], "south"]],
        [HEADER, FIRST, [SECOND[0], "south", ""]],
    ],
    ids=["plain", "empty rows", "empty columns", "other order", "empty text"],
)
def test_what_works(visits: Folder, cells: list[list[Any]]) -> None:
    write(visits, *cells)
    assert rows(visits) == ROWS
    assert not ingest(visits.project).changed


def test_first_sheet_and_several_files(folder: Folder) -> None:
    for name, row in (("a", FIRST), ("b", SECOND)):
        book = Workbook()
        for cells in (HEADER, row):
            book.worksheets[0].append(cells)
        (folder.root / "raw").mkdir(exist_ok=True)
        book.save(folder.root / f"raw/{name}.xlsx")
    declare(folder, kind="excel", path="raw/*.xlsx")
    assert rows(folder) == ROWS


def test_values(folder: Folder) -> None:
    columns = {
        "whole": "BIGINT",
        "number": "DOUBLE",
        "flag": "BOOLEAN",
        "day": "DATE",
        "moment": "TIMESTAMP",
        "clock": "TIME",
        "length": "INTERVAL",
        "text": "VARCHAR",
    }
    moment = datetime(2026, 1, 2, 3, 4, 5)
    write(
        folder,
        list(columns),
        [3.0, 0.1, True, date(2026, 1, 1), moment, time(4, 5), timedelta(hours=26), 'a"b\nü'],
        [2**53, 1e300, False, None, datetime(2026, 1, 1), None, None, 7],
    )
    declare(folder, columns, kind="excel", path="raw/v.xlsx", sheet="Visits")
    ingest(folder.project)
    assert folder.query("from raw.visits") == [
        (3, 0.1, True, date(2026, 1, 1), moment, time(4, 5), timedelta(hours=26), 'a"b\nü'),
        (2**53, 1e300, False, None, datetime(2026, 1, 1), None, None, "7"),
    ]


def test_merged_cells_hold_one_value(visits: Folder) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Visits"
    for row in (HEADER, FIRST, [date(2026, 1, 2), "south", None]):
        page.append(row)
    page.merge_cells("B2:B3")
    (visits.root / "raw").mkdir()
    book.save(visits.root / "raw/v.xlsx")
    assert rows(visits) == [ROWS[0], ("2026-01-02", None, None)]


def with_values(path: Path, formula: str, value: str) -> None:
    """Put what a spreadsheet program computes into a workbook."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    old = f"<f>{formula}</f><v></v>".encode()
    if old not in members[sheet]:
        old = f"<f>{formula}</f><v />".encode()
    assert old in members[sheet]
    members[sheet] = members[sheet].replace(old, f"<f>{formula}</f><v>{value}</v>".encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_formulas_are_what_was_computed(visits: Folder) -> None:
    path = write(visits, HEADER, [FIRST[0], "north", "=1+2"], SECOND)
    error = error_of(visits)
    assert "the formula in column C was never computed" in error.what
    assert str(error.where) == "raw/v.xlsx, sheet Visits, row 2"
    with_values(path, "1+2", "3")
    assert rows(visits) == ROWS


def test_cells_that_hold_errors(visits: Folder) -> None:
    write(visits, HEADER, FIRST, ["2026-01-02", "south", "#N/A"])
    error = error_of(visits)
    assert "column C holds the error #N/A" in error.what
    assert str(error.where) == "raw/v.xlsx, sheet Visits, row 3"
    keys = {"kind": "excel", "path": "raw/v.xlsx", "sheet": "Visits"}
    declare(visits, **keys, missing=["", "#N/A"])
    assert rows(visits) == ROWS
    declare(visits, **keys, on_violation="quarantine")
    assert ingest(visits.project).sources[0].rejected == 1
    assert visits.query("select _line, _text, _reasons from raw.visits__rejected") == [
        (3, "2026-01-02, south, #N/A", ["column C holds the error #N/A"])
    ]


@pytest.mark.parametrize(
    ("cells", "where", "what"),
    [
        ([HEADER, FIRST, ["2026-01-02", "x", "many"]], ", row 3", "`many` of column `customers`"),
        ([[], HEADER, [], FIRST, ["x", "x", 1]], ", row 5", "`x` of column `day`"),
        ([HEADER, [*FIRST, None, "note"]], ", row 2", "column E has a value, but no name"),
        ([["day", None, "customers"], FIRST], ", row 1", "column B has no name"),
        ([["day", "shop", "Shop"], FIRST], "", "twice in this file: `shop`, `Shop`"),
        ([["day", "shop"], FIRST[:2]], "", "lacks: `customers`"),
        ([[*HEADER, 2013], [*FIRST, 1]], "", "not declared: `2013`"),
        ([HEADER], "", "but no rows"),
        ([], "", "this sheet is empty"),
    ],
)
def test_what_is_wrong(visits: Folder, cells: list[list[Any]], where: str, what: str) -> None:
    write(visits, *cells)
    error = error_of(visits)
    assert what in error.what
    assert str(error.where) == f"raw/v.xlsx, sheet Visits{where}"


def test_sheet_that_is_not_there(visits: Folder) -> None:
    write(visits, HEADER, FIRST, sheet="visits")
    error = error_of(visits)
    assert error.what == "there is no sheet `Visits` in raw/v.xlsx"
    assert error.hint == "its sheets are: `About`, `visits`"
    assert str(error.where) == "data/sources.yml:6"


def test_files_that_are_no_workbooks(visits: Folder) -> None:
    whole = write(visits, HEADER, FIRST).read_bytes()
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("x.csv", "a")
    for content in (
        b"day,shop\n",
        whole[:-400],
        other.getvalue(),
        b"\xd0\xcf\x11\xe0" + bytes(600),
    ):
        visits.write("raw/v.xlsx", content)
        error = error_of(visits)
        assert "is no Excel workbook" in error.what
        assert str(error.where) == "raw/v.xlsx"


def test_damaged_sheet(visits: Folder) -> None:
    path = write(visits, HEADER, *[FIRST] * 50)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"][:-900]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    error = error_of(visits)
    assert "is no Excel workbook" in error.what
    assert str(error.where) == "raw/v.xlsx"


def test_bomb(visits: Folder) -> None:
    path = write(visits, HEADER, FIRST)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/media/x.bin", "w", force_zip64=True) as member,
    ):
        for _ in range(101):
            member.write(bytes(1 << 20))
    error = error_of(visits)
    assert "bytes come out of this file" in error.what


def test_rows_are_not_held_in_memory(folder: Folder) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Visits")
    page.append(HEADER)
    for number in range(5000):
        page.append(["2026-01-01", f"shop {number}", number])
    (folder.root / "raw").mkdir()
    book.save(folder.root / "raw/v.xlsx")
    declare(folder, COLUMNS, kind="excel", path="raw/v.xlsx", sheet="Visits")
    ingest(folder.project)
    assert folder.query("select count(*), sum(customers) from raw.visits") == [(5000, 12497500)]
