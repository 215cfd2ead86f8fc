"""The rows that are replayed: of a sample with the features of a model, in order of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import ModelError
from analysis.models.bundle.record import Bundle, Field, KeyField
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.replaying.row import PastRow
from analysis.monitoring.replaying.span import Span
from analysis.project import Project
from analysis.warehouse.datasets.checked import checked
from analysis.warehouse.opened import telling
from analysis.warehouse.sql import identifier, literal

if TYPE_CHECKING:
    import duckdb

    from analysis.warehouse.datasets.composition import Composition

_KINDS = {"number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "category": "VARCHAR"}
_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_FLOAT = re.compile(r"DOUBLE|FLOAT|DECIMAL")
_TIMES = ("DATE", "TIMESTAMP")
_FETCHED = 10_000


@dataclass(frozen=True)
class Source:
    """A sample with the features of a model, and the column of its key that is the time."""

    bundle: Bundle
    composition: Composition
    time: str

    @property
    def sample(self) -> str:
        """Name the sample view."""
        return self.composition.sample.view.name


def source_of(
    con: duckdb.DuckDBPyConnection,
    project: Project,
    bundle: Bundle,
    monitor: Monitor,
    sample: str | None,
) -> Source:
    """Find the sample, and see that it has what is needed of it.

    Raises
    ------
    ModelError
        It lacks a column of the key, or the target; or there is no time.
    DatasetError
        There is no such sample, or it does not fit the features.
    """
    time = _time(bundle, monitor)
    named = sample or bundle.sample
    full = named if "." in named else f"samples.{named}"
    features = [view for view in bundle.features if view != bundle.sample]
    composition = checked(con, project, bundle.model, full, features)
    view = composition.sample.view
    wanted = [*(key.name for key in bundle.key), bundle.target]
    if missing := [name for name in wanted if view.column(name) is None]:
        what = "the target" if missing[0] == bundle.target else "a column of the key"
        raise ModelError(
            f"the sample `{view.name}` has no column `{missing[0]}`, which is {what} of the model",
            view.where,
            f"add it there, or name another sample: the model was trained on `{bundle.sample}`",
        )
    return Source(bundle, composition, time)


def _time(bundle: Bundle, monitor: Monitor) -> str:
    """Name the column of the key that is the time: as declared, else the only one that is one."""
    times = [key.name for key in bundle.key if key.type.startswith(_TIMES)]
    if monitor.time in times:
        return monitor.time
    if monitor.time is None and len(times) == 1:
        return times[0]
    told = f"they are {', '.join(times)}" if times else "it has none"
    what = f"`{monitor.time}` is none" if monitor.time else "it is not declared which"
    raise ModelError(
        f"rows are sent in order of a time in the key of `{bundle.model}`, and {what}",
        monitor.where,
        f"name a column of the key that is a date or a time; {told}"
        if times
        else "only a model whose key has a date or a time can be replayed",
    )


def count(con: duckdb.DuckDBPyConnection, source: Source, span: Span) -> int:
    """Count the rows of these days.

    Raises
    ------
    ModelError
        There are none.
    """
    view, time = source.composition.sample.view.quoted, identifier(source.time)
    with telling(f"the sample `{source.sample}` cannot be read"):
        found = con.execute(
            f"select count(*) filter (where {_within(time, span)}), "
            f"min({time})::date, max({time})::date from {view}"
        ).fetchone()
    assert found is not None
    if not found[0]:
        has = f"it has those of {found[1]} to {found[2]}" if found[1] else "it has none at all"
        raise ModelError(
            f"the sample `{source.sample}` has no rows of {span}",
            source.composition.sample.view.where,
            f"{has}; `--sample NAME` takes another one",
        )
    return int(found[0])


def past(con: duckdb.DuckDBPyConnection, source: Source, span: Span) -> Iterator[PastRow]:
    """Read the rows of these days, in order of time, and of the key at one time."""
    bundle = source.bundle
    keys, fields = [k.name for k in bundle.key], [f.name for f in bundle.fields]
    with telling(f"the sample `{source.sample}` cannot be read"):
        result = con.execute(_query(source, span))
        while rows := result.fetchmany(_FETCHED):
            for time, label, *values in rows:
                key = dict(zip(keys, values[: len(keys)], strict=True))
                given = dict(zip(fields, values[len(keys) :], strict=True))
                yield PastRow(time, label, key, given)


def _query(source: Source, span: Span) -> str:
    bundle, made = source.bundle, source.composition
    within = _within(identifier(source.time), span)
    chosen = f"(select * from {made.sample.view.quoted} where {within})"
    categories = {field.name for field in bundle.fields if field.type == "category"}
    told = [f"{identifier(source.time)}::timestamp", f"{identifier(bundle.target)}::varchar"]
    told += [_key(key, key.name in categories) for key in bundle.key]
    told += [_field(field) for field in bundle.fields]
    order = ", ".join(identifier(name) for name in (source.time, *(k.name for k in bundle.key)))
    # A column of the sample that the dataset calls otherwise is none of the key or the target.
    return f"select {', '.join(told)} from (\n{made.sql(chosen)}\n) order by {order}"


def _within(time: str, span: Span) -> str:
    begin, finish = literal(str(span.begin)), literal(str(span.finish))
    return f"{time} >= {begin}::date and {time} < {finish}::date"


def _key(key: KeyField, is_category: bool) -> str:
    """Write a value of the key as JSON has it: a time is a text."""
    kind = "varchar"
    if key.type == "BOOLEAN":
        kind = "boolean"
    elif _INTEGER.fullmatch(key.type):
        kind = "hugeint"
    elif _FLOAT.match(key.type):
        kind = "double"
    return f"{identifier(key.name)}::{'varchar' if is_category else kind}"


def _field(field: Field) -> str:
    cast = f"{identifier(field.name)}::{_KINDS[field.type]}"
    # What is not a number is missing, as it is in training.
    return f"case when not isnan({cast}) then {cast} end" if field.type == "number" else cast
