"""What monitoring keeps of models, written by hand: numbers by period, alerts, the status."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analysis.monitoring.stored.record import Measurement
from analysis.warehouse.monitored import MEASURED

MONTHS = tuple(f"2024-{month:02d}" for month in range(1, 13))
SLOW, FAST = "2024-09", "2024-12"  # the months in which more came true than was predicted


def write_monitor(
    root: Path,
    model: str,
    numbers: Iterable[Measurement] = (),
    alerts: Sequence[dict[str, Any]] = (),
    **told: Any,
) -> None:
    """Write the folder of a model as ``analysis monitor update`` does."""
    folder = root / "data" / "monitoring" / model
    folder.mkdir(parents=True, exist_ok=True)
    found = [replace(number, model=model) for number in numbers]
    rows = max((n.rows for n in found if n.metric == "rows" and not n.of), default=0)
    whole = {
        "model": model,
        "title": None,
        "task": "binary",
        "period": "month",
        "time": None,
        "begin": str(min(n.begin for n in found)) if found else None,
        "finish": str(max(n.finish for n in found)) if found else None,
        "rows": rows * len({n.period for n in found}),
        "labelled": 0,
        "duplicates": 0,
        "late_labels": 0,
        "duplicate_labels": 0,
        "contradicting_labels": 0,
        "unmatched_labels": 0,
        "status": "healthy",
        "reason": "nothing is open",
        "notes": [],
        **told,
    }
    (folder / "monitor.json").write_text(json.dumps(whole))
    (folder / "alerts.json").write_text("".join(f"{json.dumps(one)}\n" for one in alerts))
    _write_numbers(folder / "measured.parquet", found)


def _write_numbers(path: Path, numbers: Sequence[Measurement]) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in MEASURED.items())
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"create table measured ({columns})")
        if numbers:
            places = ", ".join("?" * len(MEASURED))
            rows = [[asdict(number)[name] for name in MEASURED] for number in numbers]
            connection.executemany(f"insert into measured values ({places})", rows)
        connection.execute(f"copy measured to '{path}' (format parquet)")


def number(period: str, metric: str, value: float | None, **told: Any) -> Measurement:
    """Give a number of a month, for all versions unless it is said otherwise."""
    year, month = map(int, period.split("-"))
    begin, finish = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    plain: dict[str, Any] = {
        "of": "", "part": "", "low": None, "high": None, "reference": None, "floor": None,
        "rows": 1000, "labelled": 0, "note": None, "version": None, "arm": None,
    }  # fmt: skip
    return Measurement(
        model="", period=period, begin=begin, finish=finish, metric=metric, value=value,
        **plain | told,
    )  # fmt: skip


def alert(rule: str, metric: str, **told: Any) -> dict[str, Any]:
    """Give an alert as ``alerts.json`` has it."""
    return {
        "alert": f"{rule}-1", "model": told.pop("model", ""), "rule": rule, "metric": metric,
        "of": "", "part": "", "version": None, "arm": None, "severity": "act", "who": "data team",
        "because": None, "state": "open", "what": None, "period": FAST, "last_period": FAST,
        "value": 1.4, "limit": 1.25, "opened": "2025-01-02T03:04:05", "acknowledged": None,
        "acknowledged_by": None, "why": None, "closed": None, "note": None, **told,
    }  # fmt: skip


def around(value: float, half: float, **told: Any) -> dict[str, Any]:
    """Give a value's interval, and what it rests on."""
    return {"low": value - half, "high": value + half, "labelled": 830, **told}


def ratio(period: str) -> float:
    """Give observed over expected: off in two months."""
    return {SLOW: 0.62, FAST: 1.4}.get(period, 1.02)


def labelled(months: Sequence[str] = MONTHS) -> list[Measurement]:
    """Give all that is told of a model with labels: its inputs drift as chance lets them."""
    return [one for i, period in enumerate(months) for one in _month(i, period)]


def _month(i: int, period: str) -> list[Measurement]:
    wave = 0.01 * math.sin(i)
    auc, off = 0.71 + wave, ratio(period)
    found = [
        number(period, "rows", 1000, labelled=830),
        number(period, "coverage", 0.83, labelled=830),
        number(period, "latency_p95", 12.5 + i),
        number(period, "error_rate", 0.002),
        number(period, "auc", auc, **around(auc, 0.03, reference=0.712)),
        number(period, "brier", 0.15 - wave, **around(0.15 - wave, 0.01, reference=0.15)),
        number(period, "accuracy", 0.8 + wave, **around(0.8 + wave, 0.02, reference=0.8)),
        number(period, "base_rate", 0.2 * off, **around(0.2 * off, 0.02, reference=0.2)),
        number(period, "observed_expected", off, **around(off, 0.08, reference=1.0)),
        number(period, "estimated_auc", 0.712, **around(0.712, 0.02, labelled=0)),
        number(period, "estimated_accuracy", 0.8, **around(0.8, 0.01, labelled=0)),
    ]
    found += [
        _drift(period, of, psi) for of, psi in (("wind", 1.5), ("hour", 0.02), ("@score", 0.05))
    ]
    found += [
        number(period, "consequence", 0.3 if of == "hour" else 0.01, of=of)
        for of in ("wind", "hour")
    ]
    found += [_part(period, part, off * times) for part, times in (("AA", 1.0), ("BB", 1.6))]
    found += [one for bin_ in range(5) for one in _bin(period, bin_, off)]
    found.append(number(period, "nulls", 0.05 if i == 11 else 0.01, of="wind", reference=0.01))
    return found


def _drift(period: str, of: str, psi: float) -> Measurement:
    return number(period, "psi", psi, of=of, floor=0.01 if of == "hour" else 1.6)


def _part(period: str, part: str, value: float) -> Measurement:
    note = "stands out from all rows; p = 0.001" if part == "BB" else None
    of = {"of": "segment:carrier", "part": part, "note": note}
    return number(period, "observed_expected", value, **of, **around(value, 0.1, reference=1.0))


def _bin(period: str, bin_: int, off: float) -> list[Measurement]:
    of, expected = {"of": "@score", "part": str(bin_)}, 0.1 + 0.1 * bin_
    seen = expected * off
    ends = around(seen, 0.04, reference=expected)
    return [
        number(period, "calibration_observed", seen, **of, **ends),
        number(period, "calibration_expected", expected, **of, reference=expected, labelled=166),
    ]


def compared(period: str = FAST) -> list[Measurement]:
    """Give a challenger that is better by one metric, and cannot be told apart by another."""
    who: dict[str, Any] = {"version": "2", "arm": "challenger", "rows": 400, "labelled": 390}
    rows = (("auc", 0.03, 0.01, 0.71), ("brier", -0.001, 0.01, 0.15))
    found = []
    for of, gap, half, reference in rows:
        ends = {"low": gap - half, "high": gap + half, "reference": reference}
        found.append(number(period, "ab_difference", gap, of=of, **who, **ends))
        found.append(number(period, "ab_better", 0.98 if of == "auc" else 0.6, of=of, **who))
        found.append(number(period, "ab_needed", 0 if of == "auc" else 5000, of=of, **who))
    return found
