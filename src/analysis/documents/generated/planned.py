"""The pages that templates make: which files, with which texts; and what forbids one."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.documents.generated.filling import fill
from analysis.documents.generated.naming import file_name
from analysis.documents.generated.template import Template
from analysis.documents.generated.values import plain, shown
from analysis.errors import DocumentError

# A query that gives more is a mistake: each page is run and rendered.
MOST_PAGES = 2000


@dataclass(frozen=True)
class Answer:
    """What the query of a template gives: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def plan_pages(template: Template, answer: Answer) -> dict[str, str]:
    """Give the text of each page that ``template`` makes, by its path.

    Raises
    ------
    DocumentError
        A row cannot become a page, or two rows would become the same.
    """
    _check_columns(template, answer.columns)
    if len(answer.rows) > MOST_PAGES:
        raise DocumentError(
            f"the query gives more than {MOST_PAGES:,} rows, and each becomes a page",
            template.where,
            "narrow it by `where`, or group the rows",
        )
    rows = [_row(template, answer.columns, values) for values in answer.rows]
    pages: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in rows:
        value = row[answer.columns[0]]
        name = _name(template, answer.columns[0], value)
        if (same := names.get(name.casefold())) is not None:  # some disks take A and a for one
            raise DocumentError(
                f"two rows would become the page {template.folder}{name}: "
                f"`{same}` and `{shown(value)}`",
                template.where,
                f"let the first column, `{answer.columns[0]}`, tell the rows apart",
            )
        names[name.casefold()] = shown(value)
        pages[template.folder + name] = fill(template, row)
    return pages


def _check_columns(template: Template, columns: Sequence[str]) -> None:
    for name in columns:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise DocumentError(
                f"the column `{name}` cannot be a parameter, which is a name in Python",
                template.where,
                "rename it in the query: `… as name`",
            )
        if list(columns).count(name) > 1:
            raise DocumentError(
                f"the query gives two columns `{name}`", template.where, "rename one of them"
            )


def _row(template: Template, columns: Sequence[str], values: Sequence[Any]) -> Mapping[str, Any]:
    row = {}
    for name, value in zip(columns, values, strict=True):
        try:
            row[name] = plain(value)
        except TypeError as error:
            raise DocumentError(
                f"the column `{name}` holds a value of the kind {error}, and no parameter is one",
                template.where,
                f"change it in the query: `{name}::varchar as {name}`",
            ) from None
    return row


def _name(template: Template, column: str, value: Any) -> str:
    if value is None or isinstance(value, list | Mapping):
        reason = "it is missing" if value is None else "it is no single value"
    else:
        try:
            return file_name(shown(value))
        except ValueError as error:
            reason = str(error)
    raise DocumentError(
        f"`{shown(value)}` cannot be the name of a page: {reason}",
        template.where,
        f"the first column, `{column}`, names the page of each row",
    )
