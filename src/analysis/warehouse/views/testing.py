"""Running the cases of views, each in a database of its own."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from analysis.errors import ViewError
from analysis.warehouse.sql import identifier
from analysis.warehouse.views.bench import Declared, bench
from analysis.warehouse.views.cases import Case
from analysis.warehouse.views.differences import Values, differences, tell
from analysis.warehouse.views.rows import Types, cast, check_columns, readable_time, types_of


@dataclass(frozen=True)
class Outcome:
    """What became of a case; ``failure`` tells a person what is wrong with it."""

    case: Case
    failure: str | None = None


def run_case(case: Case, declared: Declared) -> Outcome:
    """Run one case.

    Raises
    ------
    ViewError
        The case names what is not there, or a view cannot be created.
    """
    with bench(case, declared) as con:
        types = types_of(con, case.view)
        columns = _expected_columns(case, types)
        expected = [
            tuple(
                cast(con, row[column], types[column], case, ("expect", index, column))
                for column in columns
            )
            for index, row in enumerate(case.expect)
        ]
        chosen = ", ".join(readable_time(identifier(name), types[name]) for name in columns)
        view = declared.views[case.view].quoted
        try:
            found: list[Values] = con.execute(f"select {chosen} from {view}").fetchall()
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            return Outcome(case, f"{_title(case)}\n  the view fails on the given rows: {told}")
    wrong = differences(expected, found, ordered=case.ordered)
    if not wrong:
        return Outcome(case)
    table = "\n".join(f"  {line}" for line in tell(columns, wrong).splitlines())
    return Outcome(case, f"{_title(case)}\n{table}")


def _title(case: Case) -> str:
    return f"{case.where('name')}: {case.name}"


def _expected_columns(case: Case, types: Types) -> tuple[str, ...]:
    """Name the columns to compare: those of the expected rows, which all name the same."""
    if not case.expect:
        return tuple(types)
    first = case.expect[0]
    for index, row in enumerate(case.expect):
        check_columns(row, types, case, ("expect", index), case.view)
        if odd := sorted(first.keys() ^ row.keys()):
            raise ViewError(
                f"the expected rows do not all name the column `{odd[0]}`",
                case.where("expect", index),
                "name the same columns in each row; write `null` for a missing value",
            )
    if not first:
        raise ViewError(
            "the expected rows name no column",
            case.where("expect", 0),
            "name those that count; `expect: []` says that there is no row",
        )
    return tuple(first)
