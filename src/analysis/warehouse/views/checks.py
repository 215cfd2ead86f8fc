"""The header of a view against the columns that the view has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from analysis.errors import ViewError
from analysis.project.yamlfile import Keys
from analysis.warehouse.views.view import View


def check_header(view: View, types: Mapping[str, str]) -> None:
    """See that all columns that the header of ``view`` names are there, and of a fitting type.

    ``types`` are those of the view's columns by name.

    Raises
    ------
    ViewError
        One is not; with the line where the header names it.
    """
    for name, keys in _named(view):
        if name not in types:
            close = difflib.get_close_matches(name, types, n=1, cutoff=0.5)
            if lower := [column for column in types if column.lower() == name.lower()]:
                close = lower
            raise ViewError(
                f"the view has no column `{name}`, which `{keys[0]}` in its header names",
                view.places.where(*keys),
                f"did you mean `{close[0]}`?" if close else f"it has {_listed(types)}",
            )
    moment = view.header.available_at
    if moment and not types[moment].startswith(("DATE", "TIMESTAMP")):
        raise ViewError(
            f"`available_at` names `{moment}`, which is of type {types[moment]}",
            view.places.where("available_at"),
            "name a column that is a DATE or a TIMESTAMP",
        )


def _named(view: View) -> Iterator[tuple[str, Keys]]:
    header = view.header
    for index, name in enumerate(header.key):
        yield name, ("key", index)
    if header.available_at is not None:
        yield header.available_at, ("available_at",)
    if header.target is not None:
        yield header.target, ("target",)
    for name in header.columns:
        yield name, ("columns", name)


def _listed(types: Mapping[str, str], most: int = 8) -> str:
    names = [f"`{name}`" for name in types]
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")
