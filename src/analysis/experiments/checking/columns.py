"""Which columns of the dataset each candidate takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from analysis.errors import Location, ProjectError
from analysis.experiments.candidates.candidate import Candidate
from analysis.experiments.checking.described import Column, Description
from analysis.experiments.checking.kinds import kind_of, short
from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.declared.file import Declared

_SCHEMA = "features."


def columns_of(
    candidate: Candidate, offered: Sequence[Column], declared: Declared
) -> Mapping[str, ColumnKind]:
    """Give the columns that a candidate takes, in the order of the dataset, with their kinds.

    Raises
    ------
    ProjectError
        It names what the dataset does not have, or a column is of no kind that a model takes.
    """
    chosen = [*offered]
    if candidate.features is not None:
        place = candidate.model.place.at("features")
        named = [
            column
            for index, name in enumerate(candidate.features)
            for column in _named(name, offered, place.at(index).where)
        ]
        chosen = [column for column in offered if column in named]
    return {column.name: _kind(column, candidate, declared) for column in chosen}


def offered_columns(
    description: Description, target: Column, declared: Declared
) -> tuple[Column, ...]:
    """Give the columns that candidates may take: some of the sample, those of the feature views.

    Raises
    ------
    ProjectError
        ``columns`` or ``leave_out`` names what is not there, or nothing is left.
    """
    own = _own(description, target, declared)
    others = [c for c in description.columns if c.view != description.sample and c != target]
    found = [*own, *others]
    left_out = [
        column
        for index, name in enumerate(declared.experiment.dataset.leave_out)
        for column in _left_out(name, found, declared.yaml.where("dataset", "leave_out", index))
    ]
    offered = tuple(column for column in found if column not in left_out)
    if not offered:
        raise ProjectError(
            "no column is left for the candidates to take",
            declared.yaml.where("dataset", "leave_out" if left_out else "features"),
            "name other feature views",
        )
    return offered


def _own(description: Description, target: Column, declared: Declared) -> list[Column]:
    """Find the columns of the sample that candidates take."""
    offered = [c for c in description.columns if c.view == description.sample and c != target]
    chosen = []
    for index, name in enumerate(declared.experiment.dataset.columns):
        found = [column for column in offered if column.name.lower() == name.lower()]
        where = declared.yaml.where("dataset", "columns", index)
        if name.lower() == target.name.lower():
            raise ProjectError(
                f"`{name}` is the target, which no candidate may take", where, "leave it out"
            )
        if not found:
            raise _unknown(name, where, [column.name for column in offered])
        chosen += found
    return chosen


def _left_out(name: str, columns: Sequence[Column], where: Location) -> list[Column]:
    if "." in name:
        return _named(name, columns, where)
    found = [column for column in columns if column.name.lower() == name.lower()]
    if not found:
        raise _unknown(name, where, [column.name for column in columns])
    return found


def _named(name: str, columns: Sequence[Column], where: Location) -> list[Column]:
    """Find the columns of a view, or one as ``view.column``; the schema may be written."""
    lower = name.lower()
    views = [c for c in columns if c.view == lower or c.view == f"{_SCHEMA}{lower}"]
    single = [c for c in columns if lower in _names(c)] or [
        c for c in columns if c.name.lower() == lower
    ]
    if not views and not single:
        known = [*dict.fromkeys(_short(c.view) for c in columns)]
        known += [f"{_short(c.view)}.{c.name}" for c in columns]
        raise _unknown(name, where, known)
    return views or single


def _names(column: Column) -> tuple[str, str]:
    name = column.name.lower()
    return f"{column.view}.{name}", f"{_short(column.view)}.{name}"


def _short(view: str) -> str:
    return view.removeprefix(_SCHEMA)


def _unknown(name: str, where: Location, known: Iterable[str]) -> ProjectError:
    listed = list(known)
    inner = name.rpartition(".")[2].lower()
    close = difflib.get_close_matches(name, listed, n=1) or [
        other for other in listed if other.rpartition(".")[2].lower() == inner
    ]
    return ProjectError(
        f"the dataset has no features `{name}`",
        where,
        f"did you mean `{close[0]}`?"
        if close
        else "name one of its feature views, or a column that candidates may take",
    )


def _kind(column: Column, candidate: Candidate, declared: Declared) -> ColumnKind:
    kind = kind_of(column.type)
    if kind is None:
        full = f"{_short(column.view)}.{column.name}"
        own = candidate.features is not None
        raise ProjectError(
            f"`{full}` is of type {short(column.type)}, which no candidate can take",
            candidate.model.place.at("features").where
            if own
            else declared.yaml.where("dataset", "features"),
            f"make a number of it in the view, or write `leave_out: {full}` below `dataset`",
        )
    return kind
