"""Which column of what was handed in is what."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.errors import Location, ProjectError
from analysis.models.bundle.record import Bundle, KeyField
from analysis.monitoring.labels.reading import Given

LABEL, REQUEST, ROW, TIME, KNOWN = "label", "request", "row", "time", "known"


@dataclass(frozen=True)
class Columns:
    """Names of columns, ``None`` where there is none; either ``request`` or ``key`` is there.

    ``unused`` are all others.
    """

    label: str
    request: str | None
    row: str | None
    key: tuple[KeyField, ...]
    time: str | None
    known: str | None
    unused: tuple[str, ...]


def columns_of(given: Given, bundle: Bundle) -> Columns:
    """Find the columns.

    Raises
    ------
    ProjectError
        That of the label is missing, or what says of which prediction it is.
    """
    names = given.columns
    label = next((name for name in (LABEL, bundle.target) if name in names), None)
    if label is None:
        raise _missing(given, bundle, [LABEL, bundle.target], "no column has the label")
    has = {name: name for name in names if name != label}
    request = has.get(REQUEST)
    key = () if request else bundle.key
    missing = [field.name for field in key if field.name not in has]
    if not request and (missing or not key):
        what = "nothing says of which prediction a label is"
        raise _missing(given, bundle, missing or [REQUEST], what)
    in_key = {field.name for field in key}
    time = None if request or TIME in in_key else has.get(TIME)
    found = (label, request, has.get(ROW) if request else None, time, has.get(KNOWN), *in_key)
    known = None if KNOWN in in_key else has.get(KNOWN)
    return Columns(
        label, request, found[2], key, time, known,
        tuple(name for name in names if name not in found),
    )  # fmt: skip


def _missing(given: Given, bundle: Bundle, wanted: Sequence[str], what: str) -> ProjectError:
    key = ", ".join(f"`{field.name}`" for field in bundle.key)
    ways = f"{key}; or `request`" if key else "`request`"
    near = [
        f"`{close[0]}` for `{name}`"
        for name in wanted
        if (close := difflib.get_close_matches(name, given.columns, 1))
    ]
    hint = f"name the label `{LABEL}` or `{bundle.target}`, and what it is of: {ways}, with `row`"
    if near:
        hint += f"; it has {', '.join(near)}"
    absent = ", ".join(f"`{name}`" for name in wanted)
    return ProjectError(f"{what}: there is no {absent}", Location(given.name), hint)
