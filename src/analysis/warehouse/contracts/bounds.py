"""Rules on a source as a whole: how many rows it has, and how new the newest of them is."""

from __future__ import annotations

from datetime import UTC, datetime

from analysis.warehouse.contracts.outcome import Outcome
from analysis.warehouse.declared.contract import seconds
from analysis.warehouse.declared.model import Policy
from analysis.warehouse.declared.sources import Source


def row_bounds(source: Source, rows: int) -> tuple[Outcome, ...]:
    """Compare the number of rows with its bounds."""
    if source.contract.rows is None:
        return ()
    low, high = source.contract.rows
    is_outside = rows < (low or 0) or (high is not None and rows > high)
    said = ""
    if is_outside:
        least = f"at least {low:,}" if low else ""
        most = f"at most {high:,}" if high is not None else ""
        said = f"it has {rows:,} rows; {' and '.join(p for p in (least, most) if p)} are expected"
    return (Outcome("rows", "rows", (), _policy(source), int(is_outside), said),)


def freshness(source: Source, newest: datetime | None, now: datetime) -> tuple[Outcome, ...]:
    """Compare the newest value of the source's clock, which is UTC, with the time ``now``."""
    if source.contract.fresh is None:
        return ()
    age = None if newest is None else (now - newest.replace(tzinfo=UTC)).total_seconds()
    is_stale = age is None or age > seconds(source.contract.fresh)
    said = ""
    if is_stale:
        since = f"its newest row is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "it has no time"
        said = f"{since}, which is older than {source.contract.fresh}"
    time = (source.time,) if source.time else ()
    return (Outcome("fresh", "freshness", time, _policy(source), int(is_stale), said),)


def _policy(source: Source) -> Policy:
    """There are no rows to set aside where the whole is at fault."""
    return "warn" if source.on_violation == "warn" else "fail"
