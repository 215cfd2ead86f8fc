"""What is logged of a request, and the log that it is written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Refusal:
    """Why a request got no prediction: the status, the kind of mistake, and the field if any."""

    status: int
    type: str
    field: str | None = None


@dataclass(frozen=True)
class LogEntry:
    """The rows of one request that one arm predicted, in columns; or a request that was refused.

    ``rows`` are their places in the request, and each column of ``keys``, ``inputs`` and
    ``outputs`` has one value for each of them. ``time`` is UTC, ISO, to the microsecond, of the
    request's arrival; ``latency_ms`` is from then until the prediction was there. A refused request
    has ``refusal``, no rows and no columns; its version and arm are the first's. ``personal`` names
    the keys and inputs that tell of persons.
    """

    time: str
    request: str
    model: str
    version: str
    arm: str
    shadow: bool
    rows: Sequence[int]
    keys: Columns
    inputs: Columns
    outputs: Columns
    latency_ms: float
    refusal: Refusal | None = None
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LogRow:
    """One line of the log."""

    time: str
    request: str
    row: int | None
    model: str
    version: str
    arm: str
    shadow: bool
    key: Mapping[str, Any] | None
    inputs: Mapping[str, Any] | None
    outputs: Mapping[str, Any] | None
    latency_ms: float
    error: Refusal | None = None


class PredictionLog(Protocol):
    """Where predictions are kept before they are answered."""

    def write(self, entries: Sequence[LogEntry]) -> None:
        """Write the entries of one batch, so that they outlive this process.

        It is called by one thread. What it raises means that nothing may be answered.

        Raises
        ------
        OSError
            They cannot be written.
        """

    def close(self) -> None:
        """Write what is left, and close."""


class NoLog:
    """A log that keeps nothing: for tests, and where no log is wanted."""

    def write(self, entries: Sequence[LogEntry]) -> None:
        """Keep nothing."""

    def close(self) -> None:
        """Do nothing."""


def rows_of(entry: LogEntry) -> Iterator[LogRow]:
    """Give the lines that an entry consists of."""
    common = (entry.model, entry.version, entry.arm, entry.shadow)
    if entry.refusal:
        yield LogRow(
            entry.time, entry.request, None, *common, None, None, None, entry.latency_ms,
            entry.refusal,
        )  # fmt: skip
        return
    keys, inputs, outputs = map(_records, (entry.keys, entry.inputs, entry.outputs))
    for place, row in enumerate(entry.rows):
        yield LogRow(
            entry.time, entry.request, row, *common, keys[place] if keys else None,
            inputs[place], outputs[place], entry.latency_ms,
        )  # fmt: skip


def _records(columns: Columns) -> list[dict[str, Any]]:
    names = [*columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
