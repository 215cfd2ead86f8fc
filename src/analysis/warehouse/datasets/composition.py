"""Composing a sample view with feature views: what is joined on what, and the columns of it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import DatasetError
from analysis.warehouse.datasets.dictionary import Described
from analysis.warehouse.sql import readable

_NUMBER = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|DECIMAL\(.*\))$")


@dataclass(frozen=True)
class Part:
    """A view in the query, and the name that it has there."""

    view: Described
    alias: str

    def column(self, name: str) -> str:
        """Write one of its columns as SQL."""
        return f"{readable(self.alias)}.{readable(name)}"


@dataclass(frozen=True)
class Chosen:
    """A column of the dataset called ``name``, which is ``column`` of ``part``."""

    name: str
    part: Part
    column: str

    @property
    def type(self) -> str:
        """Give its type in DuckDB."""
        return self.part.view.columns[self.column]


@dataclass(frozen=True)
class Composition:
    """A dataset before anything is read: its sample, its features in order, and its columns."""

    name: str
    sample: Part
    features: tuple[Part, ...]
    columns: tuple[Chosen, ...]

    def sql(self, rows: str | None = None, *, ordered: bool = False) -> str:
        """Write the query; ``rows``, a query in parentheses, stands in for the sample view."""
        listed = ",\n".join(f"  {_written(column)}" for column in self.columns)
        sample = f"{rows or self.sample.view.quoted} as {readable(self.sample.alias)}"
        joins = "".join(f"\n{self.join(feature)}" for feature in self.features)
        order = f"\norder by {self.key}" if ordered else ""
        return f"select\n{listed}\nfrom {sample}{joins}{order}"

    @property
    def key(self) -> str:
        """Write the columns that tell the rows apart."""
        return ", ".join(self.sample.column(name) for name in self.sample.view.key)

    def join(self, feature: Part, how: str = "left join") -> str:
        """Write the join of ``feature``, on its key."""
        # USING would be ambiguous where a feature before has a column of that name, which is not
        # chosen.
        on = "\n  and ".join(
            f"{feature.column(name)} = {self.sample.column(str(self.sample.view.column(name)))}"
            for name in feature.view.key
        )
        return f"{how} {feature.view.quoted} as {readable(feature.alias)}\n  on {on}"

    def find(self, name: str) -> Chosen:
        """Find a column of the dataset by name.

        Raises
        ------
        DatasetError
            There is none.
        """
        for column in self.columns:
            if column.name.lower() == name.lower():
                return column
        raise DatasetError(
            f"the dataset `{self.name}` has no column `{name}`",
            hint=close(name, [column.name for column in self.columns])
            or f"it has {', '.join(column.name for column in self.columns)}",
        )


def _written(column: Chosen) -> str:
    written = column.part.column(column.column)
    return written if column.name == column.column else f"{written} as {readable(column.name)}"


def compose(
    name: str,
    sample: str,
    features: Sequence[str],
    relations: Mapping[str, Described],
    *,
    available_at: bool = False,
) -> Composition:
    """Find the views, and decide what is joined; names come with their schema.

    Raises
    ------
    DatasetError
        A view is unknown, has no key, does not fit the sample, or has a column that another has.
    """
    found = _found(sample, relations)
    _check_key(found, "sample")
    views = [_found(feature, relations) for feature in features]
    _check_listed_once([sample, *features])
    for view in views:
        _check_fits(view, found)
    aliases = _aliases([found, *views])
    parts = [Part(view, alias) for view, alias in zip([found, *views], aliases, strict=True)]
    columns = tuple(_columns(parts, available_at=available_at))
    _check_distinct(columns)
    return Composition(name, parts[0], tuple(parts[1:]), columns)


def close(name: str, known: Sequence[str]) -> str | None:
    """Ask whether one of the ``known`` names was meant."""
    found = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f"did you mean `{found[0]}`?" if found else None


def _found(name: str, relations: Mapping[str, Described]) -> Described:
    if view := relations.get(name.lower()):
        return view
    schema = name.partition(".")[0]
    listed = sorted(known for known in relations if known.startswith(f"{schema}."))
    hint = close(name, listed) or close(name, sorted(relations))
    raise DatasetError(
        f"there is no view `{name}` in the warehouse",
        hint=hint or "write it below data/sql, and run `analysis ingest`",
    )


def _check_key(view: Described, what: str) -> None:
    if not view.key:
        raise DatasetError(
            f"`{view.name}` has no key, so it cannot be the {what} of a dataset",
            view.where,
            "name in its header the columns that tell its rows apart: `/* key: [...] */`",
        )


def _check_fits(view: Described, sample: Described) -> None:
    _check_key(view, "feature view")
    if missing := [name for name in view.key if sample.column(name) is None]:
        raise DatasetError(
            f"`{view.name}` is joined on `{missing[0]}`, which `{sample.name}` does not have",
            sample.where,
            f"select {', '.join(f'`{name}`' for name in missing)} in the sample as well",
        )
    for name in view.key:
        _check_kind(name, view, sample)
    if view.available_at and not sample.available_at:
        raise DatasetError(
            f"`{view.name}` says when its rows became known, but `{sample.name}` does not say for "
            "which moment",
            sample.where,
            "name in its header the column that does: `available_at: ...`",
        )


def _check_kind(name: str, view: Described, sample: Described) -> None:
    """See that a column of the key is of one kind in both.

    DuckDB would cast: to a number, the texts '1' and '01' are the same key, and join twice.
    """
    of_view, of_sample = view.columns[name], sample.columns[sample.column(name) or name]
    if _kind(of_view) != _kind(of_sample):
        raise DatasetError(
            f"`{view.name}` is joined on `{name}`, which is {_short(of_view)} there and "
            f"{_short(of_sample)} in `{sample.name}`",
            view.where,
            "cast it in one of the two views",
        )


def _kind(of: str) -> str:
    if _NUMBER.match(of):
        return "number"
    return "text" if of.startswith(("VARCHAR", "ENUM(")) and not of.endswith("]") else of


def _short(kind: str) -> str:
    return kind.partition("(")[0]


def _check_listed_once(names: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(n.lower() for n in names).items() if times > 1]
    if repeated:
        raise DatasetError(f"`{repeated[0]}` is named twice", hint="name each view once")


def _aliases(views: Sequence[Described]) -> list[str]:
    """Call each view by its name without the schema, where that is no other's."""
    short = [view.name.partition(".")[2] for view in views]
    aliases = [
        name if short.count(name) == 1 else view.name.replace(".", "_")
        for name, view in zip(short, views, strict=True)
    ]
    # `features.x` beside `samples.x` would be called like `other.features_x`.
    is_clear = len({*aliases}) == len(aliases)
    return aliases if is_clear else [view.name.replace(".", "__") for view in views]


def _columns(parts: Sequence[Part], *, available_at: bool) -> Iterator[Chosen]:
    sample, *features = parts
    yield from (Chosen(name, sample, name) for name in sample.view.columns)
    for feature in features:
        view = feature.view
        for name in view.columns:
            if name not in view.key and name != view.available_at:
                yield Chosen(name, feature, name)
        if available_at and view.available_at:
            yield Chosen(f"{feature.alias}_available_at", feature, view.available_at)


def _check_distinct(columns: Sequence[Chosen]) -> None:
    first: dict[str, Chosen] = {}
    for column in columns:
        other = first.setdefault(column.name.lower(), column)
        if other is not column:
            raise DatasetError(
                f"`{other.part.view.name}` and `{column.part.view.name}` both have a column "
                f"`{column.name}`",
                column.part.view.where,
                "rename it in one of them; only columns of the key may have the same name",
            )
