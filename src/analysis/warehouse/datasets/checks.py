"""What must hold of a dataset's rows: one row a key, and nothing that was not known yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from analysis.errors import DatasetError
from analysis.files import digest
from analysis.warehouse.datasets.composition import Composition, Part
from analysis.warehouse.sql import identifier

# Raised when the same check would be made in another way.
FORMAT = 1


@dataclass(frozen=True)
class OneRowAKey:
    """No two rows of a view have the same key. A feature's NULL matches nothing, so it is free."""

    part: Part
    nulls_count: bool

    @property
    def id(self) -> str:
        """Name the check and the content that it is made on."""
        view = self.part.view
        return _id("one row a key", view.name, view.key, view.fingerprint, self.nulls_count)

    def make(self, con: duckdb.DuckDBPyConnection) -> None:
        """Look at the rows.

        Raises
        ------
        DatasetError
            It does not hold; with a key as an example.
        """
        # To group by one number is fast, and where no two hashes are equal no two keys are.
        if _rows(con, self._sql(f"hash({self._key})", "1", "limit 1")):
            shown = ", ".join(_shown(identifier(name)) for name in self.part.view.key)
            examples = _rows(con, self._sql(self._key, f"{shown}, count(*)", "limit 1"))
            if examples:
                self._fail(examples[0], con)

    def _fail(self, example: tuple[Any, ...], con: duckdb.DuckDBPyConnection) -> None:
        view = self.part.view
        *values, times = example
        every = f"select count(*) from ({self._sql(self._key, '1', '')})"
        [(repeated,)] = _rows(con, every)
        raise DatasetError(
            f"`{view.name}` has more than one row a key: {told(view.key, values)} comes {times} "
            f"times ({_counted(repeated, 'key')} in all)",
            view.where,
            "aggregate its rows, or name in its header all columns of the key",
        )

    @property
    def _key(self) -> str:
        return ", ".join(identifier(name) for name in self.part.view.key)

    def _sql(self, by: str, chosen: str, limit: str) -> str:
        present = " and ".join(f"{identifier(name)} is not null" for name in self.part.view.key)
        where = "" if self.nulls_count else f"where {present}"
        order = f"order by count(*) desc, {self._key}" if chosen != "1" else ""
        return (
            f"select {chosen} from {self.part.view.quoted} {where} "
            f"group by {by} having count(*) > 1 {order} {limit}"
        )


@dataclass(frozen=True)
class KnownInTime:
    """No row of a feature became known after the moment of the sample's row that it joins."""

    composition: Composition
    feature: Part

    @property
    def id(self) -> str:
        """Name the check and the content that it is made on."""
        sample, view = self.composition.sample.view, self.feature.view
        return _id(
            "known in time",
            *(sample.name, sample.fingerprint, sample.key, sample.available_at),
            *(view.name, view.fingerprint, view.key, view.available_at),
        )

    def make(self, con: duckdb.DuckDBPyConnection) -> None:
        """Look at the rows.

        Raises
        ------
        DatasetError
            It does not hold; with a row as an example.
        """
        sample = self.composition.sample
        assert sample.view.available_at and self.feature.view.available_at
        moment = sample.column(sample.view.available_at)
        known = self.feature.column(self.feature.view.available_at)
        # A time that is missing proves nothing.
        late = f"({known} > {moment} or {known} is null or {moment} is null)"
        source = (
            f"from {sample.view.quoted} as {identifier(sample.alias)} "
            f"{self.composition.join(self.feature, 'join')} where {late}"
        )
        [(count,)] = _rows(con, f"select count(*) {source}")
        if count:
            key = [sample.column(name) for name in sample.view.key]
            shown = ", ".join(_shown(column) for column in (*key, known, moment))
            example = f"select {shown} {source} order by {', '.join(key)} limit 1"
            self._fail(_rows(con, example)[0], count)

    def _fail(self, example: tuple[Any, ...], count: int) -> None:
        sample, view = self.composition.sample.view, self.feature.view
        *values, known, moment = example
        raise DatasetError(
            f"`{view.name}` tells {_counted(count, 'row')} of `{sample.name}` what was not known "
            f"then: for {told(sample.key, values)} it became known at {_time(known)}, and the "
            f"sample's time is {_time(moment)}",
            view.where,
            f"join an earlier row, or correct `available_at` (`{view.available_at}` here, "
            f"`{sample.available_at}` in the sample)",
        )


Check = OneRowAKey | KnownInTime


def checks_of(composition: Composition) -> Iterator[Check]:
    """List what must hold of the rows."""
    yield OneRowAKey(composition.sample, nulls_count=True)
    for feature in composition.features:
        yield OneRowAKey(feature, nulls_count=False)
        if feature.view.available_at:
            yield KnownInTime(composition, feature)


def told(names: Sequence[str], values: Sequence[Any]) -> str:
    """Write a key for a person."""
    pairs = zip(names, values, strict=True)
    return ", ".join(f"{name} = {'missing' if v is None else v}" for name, v in pairs)


def _shown(column: str) -> str:
    # A time with a zone becomes a value of Python only where pytz is installed.
    return f"{column}::varchar"


def _time(value: Any) -> str:
    return "no known time" if value is None else str(value)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _id(*values: object) -> str:
    return digest(repr((FORMAT, *values)).encode())


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()
