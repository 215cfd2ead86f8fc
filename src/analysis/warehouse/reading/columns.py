"""The columns that the data have against those that are declared."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from analysis.errors import Location, Remark, SourceError
from analysis.warehouse.declared.types import family
from analysis.warehouse.reading.staged import Request, Staged


def check_names(names: Sequence[str], where: Location) -> None:
    """See that each column of the data has a name of its own.

    Raises
    ------
    SourceError
        A name stands twice.
    """
    # DuckDB holds names that differ in capital letters only for the same.
    seen = Counter(name.lower() for name in names)
    twice = [name for name in dict.fromkeys(names) if seen[name.lower()] > 1]
    if twice:
        raise SourceError(
            f"column names that stand twice in this file: {_list(twice)}",
            where,
            "give each column a name of its own",
        )


def check_columns(staged: Staged, request: Request) -> tuple[Remark, ...]:
    """Compare the columns of the data with the declared ones; their order may differ.

    Gives what is to be warned of: columns that are not declared, unless the source is strict.

    Raises
    ------
    SourceError
        A column is missing, is of another type, or was not declared.
    """
    declared = request.source.columns
    missing = [column for column in declared if column not in staged.columns]
    unknown = [column for column in staged.columns if column not in declared]
    retyped = list(_retyped(staged.columns, request))
    is_strict = request.source.on_violation == "fail"
    told = (
        (f"columns of `{request.name}` that this file lacks: {_list(missing)}" if missing else ""),
        (f"columns that are not declared: {_list(unknown)}" if unknown and is_strict else ""),
        (f"columns of another type: {', '.join(retyped)}" if retyped else ""),
    )
    if any(told):
        hint = _hint(missing, unknown, request)
        raise SourceError("; ".join(part for part in told if part), staged.header, hint)
    return tuple(
        Remark(f"the column `{name}` is not declared and is left out", staged.header)
        for name in unknown
    )


def _retyped(actual: Mapping[str, str], request: Request) -> Iterator[str]:
    """Find columns of a kind that a cast would change; texts are cast, and looked at one by one."""
    for name, spec in request.source.columns.items():
        found = actual.get(name, "VARCHAR")
        if found != "VARCHAR" and family(found) != family(spec.type):
            yield f"`{name}` is {found} and not {spec.type}"


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _hint(missing: Sequence[str], unknown: Sequence[str], request: Request) -> str:
    where = request.where("columns")
    for column in unknown:
        if close := difflib.get_close_matches(column, missing, n=1):
            return f"is `{column}` what {where} calls `{close[0]}`?"
    return f"correct the file, or the columns at {where}"
