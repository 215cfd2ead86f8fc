"""One look for tables: compact, quiet lines, numbers to the right in tabular figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.errors import ProjectError
from analysis.files import digest
from analysis.report.formats import MISSING, date, number
from analysis.report.personal import personal_in

if TYPE_CHECKING:
    import great_tables
    import pandas as pd

Write = Callable[[Any], str]


def table(
    frame: pd.DataFrame,
    labels: Mapping[str, str] | None = None,
    *,
    formats: Mapping[str, Write] | None = None,
    spanners: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
    id: str | None = None,
    pii: bool = False,
) -> great_tables.GT:
    """Show a frame as a table; make it the last value of a cell.

    Parameters
    ----------
    frame
        The rows, in the order in which they are shown.
    labels
        The columns to show, in order, with their headings. All columns by default.
    formats
        How a column's values are written: ``{"rate": analysis.percent}``. By default whole
        numbers are written with separators, other numbers with one digit after the point, dates
        in full.
    spanners
        Headings over neighbouring columns.
    note
        A line below the table, in Markdown.
    id
        The table's HTML id. By default it follows from the content, so that a page with the same
        results stays the same, byte for byte; name it where one page shows a table twice.
    pii
        Show columns that tell of people too. By default they are left out, and named below.

    Raises
    ------
    ProjectError
        All columns tell of people.
    """
    headings = dict(labels or {str(name): str(name) for name in frame.columns})
    left_out = () if pii else _personal(frame[list(headings)])
    kept = {name: heading for name, heading in headings.items() if name not in left_out}
    result = _table(frame[list(kept)], kept, formats or {}, id)
    for heading, columns in (spanners or {}).items():
        if below := [column for column in columns if column not in left_out]:
            result = result.tab_spanner(heading, columns=below)
    if note:
        result = result.tab_source_note(_markdown(note))
    if left_out:
        result = result.tab_source_note(f"Left out, as personal: {', '.join(left_out)}.")
    return result


def _table(
    shown: pd.DataFrame, headings: Mapping[str, str], formats: Mapping[str, Write], id: str | None
) -> great_tables.GT:
    import great_tables as gt

    own = {column: write for column, write in formats.items() if column in headings}
    writers = {**_default_formats(shown), **own}
    name = id or _id(shown, headings)
    result = gt.GT(shown, id=name).cols_label(cases={**headings})
    for column, write in writers.items():
        result = result.fmt(write, columns=column)
    result = result.sub_missing(missing_text=MISSING)
    result = result.cols_align("left").cols_align("right", columns=list(writers))
    return result.tab_options(**_LOOK, table_additional_css=[_STYLE.format(id=name)])


def _markdown(note: str) -> Any:
    import great_tables as gt

    return gt.md(note)


def _personal(frame: pd.DataFrame) -> tuple[str, ...]:
    left_out = personal_in(frame)
    if left_out and len(left_out) == len(frame.columns):
        raise ProjectError(
            f"all columns of this table tell of people: {', '.join(left_out)}",
            hint="show others, or write `pii=True` if readers may see them",
        )
    return left_out


def _default_formats(frame: pd.DataFrame) -> dict[str, Write]:
    from pandas.api import types

    formats: dict[str, Write] = {}
    for name, kind in frame.dtypes.items():
        if types.is_bool_dtype(kind):
            continue
        if types.is_integer_dtype(kind):
            formats[str(name)] = number
        elif types.is_numeric_dtype(kind):
            formats[str(name)] = _one_digit
        elif types.is_datetime64_any_dtype(kind):
            formats[str(name)] = date
    return formats


def _one_digit(value: Any) -> str:
    return number(value, 1)


def _id(frame: pd.DataFrame, headings: Mapping[str, str]) -> str:
    # The last digits of a sum depend on the order in which threads added it up.
    content = frame.to_csv(index=False, float_format="%.9g") + "\n".join(headings.values())
    return "table-" + digest(content.encode())[:8]


# Text takes the colour of the page, light or dark, which the options below cannot say.
_STYLE = """
#{id} .gt_table, #{id} .gt_table * {{ color: inherit; }}
#{id} td.gt_left {{ min-width: 6.5em; }}
"""
_LINE = "#80808055"  # half transparent: quiet on light and on dark pages
_LOOK: dict[str, Any] = {
    "table_background_color": "transparent",
    "table_font_names": "inherit",
    "table_font_size": "0.92em",
    "table_margin_left": "0",
    "table_margin_right": "auto",
    "table_border_top_style": "none",
    "table_border_bottom_style": "none",
    "column_labels_background_color": "transparent",
    "column_labels_font_weight": "600",
    "column_labels_border_top_style": "none",
    "column_labels_border_bottom_color": "#808080",
    "column_labels_border_bottom_width": "1px",
    "column_labels_padding_horizontal": "8px",
    "table_body_border_top_style": "none",
    "table_body_border_bottom_color": _LINE,
    "table_body_border_bottom_width": "1px",
    "table_body_hlines_color": _LINE,
    "data_row_padding": "4px",
    "data_row_padding_horizontal": "8px",
    "source_notes_background_color": "transparent",
    "source_notes_font_size": "0.9em",
    "source_notes_padding_horizontal": "8px",
}
