"""Sheets of Excel workbooks, read row by row; the first row has the names."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from analysis.errors import Location, SourceError
from analysis.warehouse.reading.parts import row_at
from analysis.warehouse.reading.places import Place
from analysis.warehouse.reading.staged import Broken, Request, Staged
from analysis.warehouse.reading.texts import Rows, Table, stage_tables, to_text
from analysis.warehouse.reading.unpack import ALWAYS_ALLOWED, CHUNK, MAX_GROWTH

ERROR, FORMULA = "e", "f"
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)


@dataclass(frozen=True)
class Sheet:
    """A sheet in the making: the request, its file, and where rows that are none are kept."""

    request: Request
    place: Place
    name: str
    broken: list[Broken]

    @property
    def label(self) -> str:
        """Say which sheet of which file this is."""
        return f"{self.place.label}, sheet {self.name}"


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Read the sheet of each file; formulas as the values that were computed last.

    Raises
    ------
    SourceError
        A file is no workbook, has no such sheet, or a cell holds an error.
    """
    broken: list[Broken] = []
    tables = (table for place in request.places for table in _read(request, place, broken))
    with warnings.catch_warnings():
        # openpyxl warns of drawings and rules that it leaves out.
        warnings.simplefilter("ignore")
        missing = request.source.missing
        return stage_tables(con, request, tables, missing=missing, broken=broken)


@contextmanager
def _named(place: Place) -> Iterator[None]:
    """Name the file in what its damage leads to."""
    try:
        yield
    except (*_DAMAGE, KeyError, ValueError, SyntaxError) as error:
        raise _damaged(place, error) from None


def _look_inside(place: Place) -> bool:
    """See that the parts of a workbook are not too large; say whether it has formulas."""
    limit = max(ALWAYS_ALLOWED, MAX_GROWTH * place.path.stat().st_size)
    with _named(place), zipfile.ZipFile(place.path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > limit:
            raise SourceError(
                f"more than {limit:,} bytes come out of this file",
                Location(place.label),
                "if that is right, save the sheet as CSV and declare that",
            )
        sheets = [m for m in members if m.filename.startswith("xl/worksheets/")]
        return any(_has_formulas(archive, sheet) for sheet in sheets)


def _has_formulas(archive: zipfile.ZipFile, sheet: zipfile.ZipInfo) -> bool:
    before = b""
    with archive.open(sheet) as data:
        while chunk := data.read(CHUNK):
            text = before + chunk
            if b"<f>" in text or b"<f " in text:
                return True
            before = text[-2:]
    return False


def _read(request: Request, place: Place, broken: list[Broken]) -> Generator[Table]:
    has_formulas = _look_inside(place)
    with _named(place), closing(load_workbook(place.path, read_only=True, data_only=True)) as book:
        name = _sheet_name(book.sheetnames, place, request)
        sheet = Sheet(request, place, name, broken)
        with closing(_cells(book[name])) as values:
            if not has_formulas:
                yield _table(sheet, ((row, None) for row in values))
                return
            with (
                closing(load_workbook(place.path, read_only=True)) as other,
                closing(_cells(other[name])) as formulas,
            ):
                yield _table(sheet, zip(values, formulas, strict=False))


def _sheet_name(names: Sequence[str], place: Place, request: Request) -> str:
    wanted = request.source.sheet
    if wanted is None or wanted in names:
        return wanted or names[0]
    raise SourceError(
        f"there is no sheet `{wanted}` in {place.label}",
        request.where("sheet"),
        f"its sheets are: {', '.join(f'`{name}`' for name in names)}",
    )


def _cells(sheet: Any) -> Generator[tuple[Any, ...]]:
    # What a sheet says of its own size is often wrong.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _table(sheet: Sheet, rows: Iterable[tuple[tuple[Any, ...], tuple[Any, ...] | None]]) -> Table:
    numbered = enumerate(rows, 1)
    for number, (cells, _) in numbered:
        if any(cell.value is not None for cell in cells):
            names = _names(cells, sheet, number)
            return Table(sheet.label, names, _rows(numbered, len(names), sheet))
    raise SourceError(
        "this sheet is empty: the row of column names is missing",
        Location(sheet.label),
        "name another one as `sheet`",
    )


def _names(cells: Sequence[Any], sheet: Sheet, number: int) -> list[str]:
    texts = [to_text(cell.value) for cell in cells]
    while texts and texts[-1] is None:
        texts.pop()
    for index, text in enumerate(texts, 1):
        if text is None:
            raise SourceError(
                f"column {get_column_letter(index)} has no name",
                row_at(sheet.label, number),
                "the first row that is not empty holds the names of all columns",
            )
    return [str(text) for text in texts]


def _rows(
    rows: Iterable[tuple[int, tuple[tuple[Any, ...], tuple[Any, ...] | None]]],
    width: int,
    sheet: Sheet,
) -> Rows:
    """Give the rows that are not empty, each with a value a column."""
    with _named(sheet.place):
        for number, (cells, formulas) in rows:
            values = [cell.value for cell in cells]
            if problem := _problem(cells, formulas or (), width, sheet):
                _refuse(values, number, problem, sheet)
            elif any(value is not None for value in values):
                yield number, (values + [None] * width)[:width]


def _refuse(values: Sequence[object], number: int, problem: tuple[str, str], sheet: Sheet) -> None:
    """Set a row aside that is none, if the source wants that."""
    what, hint = problem
    if sheet.request.source.on_violation != "quarantine":
        raise SourceError(what, row_at(sheet.label, number), hint)
    text = ", ".join("" if value is None else str(value) for value in values)
    sheet.broken.append(Broken(number, text, what, sheet.label))


def _problem(
    cells: Sequence[Any], formulas: Sequence[Any], width: int, sheet: Sheet
) -> tuple[str, str] | None:
    """Say what keeps a row from being one, and what to do."""
    missing = sheet.request.source.missing
    for index, cell in enumerate(cells):
        letter = get_column_letter(index + 1)
        if cell.value is not None and index >= width:
            return f"column {letter} has a value, but no name", "name it in the first row"
        if cell.value is None:
            if index < len(formulas) and formulas[index].data_type == FORMULA:
                hint = "open the file in a program that computes it, and save it"
                return f"the formula in column {letter} was never computed", hint
        elif cell.data_type == ERROR and cell.value not in missing:
            hint = "correct the formula, or list the text under `missing`"
            return f"column {letter} holds the error {cell.value}", hint
    return None


def _damaged(place: Place, error: Exception) -> SourceError:
    return SourceError(
        f"this file is no Excel workbook (.xlsx), or it is damaged or protected: {error}",
        Location(place.label),
        "save it once more as .xlsx, without a password",
    )
