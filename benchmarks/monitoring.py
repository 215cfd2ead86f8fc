"""Time the counting of predictions: ten million at once, and one day more.

Usage: python benchmarks/monitoring.py [--rows N] [--days N] [--labels SHARE]

The log is in Parquet, as servers leave it: a file a day, of requests of one row with 20 features,
five of which are categories. Each step is a process of its own, whose peak of memory is the
operating system's count.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from analysis.files import write_text
from analysis.models.bundle.record import QUANTILES, Field
from analysis.monitoring.stored.places import labels_folder, log_folder
from analysis.project import find_project
from analysis.warehouse.sql import literal

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.helpers.bundles import add_bundle

MODEL, THREADS = "late-flights", 2
ROWS, DAYS, DAY = 10_000_000, 100, 100_000
BEGIN = date(2024, 1, 1)
# Seconds on two cores, and gigabytes.
MARK, MARK_OF_DAY, MEMORY = 15.0, 2.0, 2.0
CATEGORIES = tuple(f"kind {number:02}" for number in range(20))
COUNT = """
import sys, os
from pathlib import Path
os.sched_setaffinity(0, {*sorted(os.sched_getaffinity(0))[:2]})
from analysis.models.registry.registry import open_registry
from analysis.monitoring.cells.refresh import refresh
from analysis.monitoring.declared.record import Monitor
from analysis.project import find_project
project = find_project(Path(sys.argv[1]))
done = refresh(project, Monitor("late-flights"), open_registry(project).kept("late-flights"))
print(done.rows, done.labelled)
"""


def fields() -> tuple[Field, ...]:
    """Give 20 fields: every fourth is a category, the others are numbers."""
    made = []
    for place in range(20):
        name, top = f"f{place}", float(place + 1)
        if place % 4:
            cuts = tuple(top * q for q in QUANTILES)
            made.append(
                Field(name, "number", "features.a", None, None, True, 0.0, 0.0, top, top / 2, cuts)
            )
        else:
            shares = (1 / len(CATEGORIES),) * len(CATEGORIES)
            made.append(
                Field(
                    name, "category", "features.a", None, None, nullable=True, nulls=0.0,
                    categories=CATEGORIES, shares=shares,
                )
            )  # fmt: skip
    return tuple(made)


def write_day(root: Path, version: str, day: date, rows: int, labelled: float) -> None:
    """Write the log of a day, and the labels of a share of it."""
    project, name = find_project(root), f"{day:%Y%m%d}"
    log, labels = log_folder(project, MODEL), labels_folder(project, MODEL)
    log.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    told = ", ".join(
        f"'f{i}', round(random() * {i + 1}, 4)" if i % 4
        else f"'f{i}', {[*CATEGORIES]}[1 + (random() * 19.99)::int % 20]"
        for i in range(20)
    )  # fmt: skip
    with duckdb.connect() as con:
        con.execute("select setseed(0.5)")
        con.execute(
            f"""copy (select timestamp '{day}' + interval (i * 86400 // {rows}) second as time,
  md5('{name} ' || i) as request, '{MODEL}' as model, '{version}' as version, 'champion' as arm,
  0::bigint as row, false as shadow, json_object('id', i) as key, json_object({told}) as inputs,
  json_object('prediction', false, 'probability', round(random(), 6)) as outputs,
  null::json as error, 1 + random() * 20 as latency_ms
from range({rows}) t(i)) to {literal(str(log / f"{name}.parquet"))} (compression zstd)"""
        )
        con.execute(
            f"""copy (select '{MODEL}' as model, request, row, null::json as key,
  null::timestamp as time, (random() < 0.3)::varchar as label, time + interval 1 day as known,
  time + interval 1 day as received, 'a file' as source
from {literal(str(log / f"{name}.parquet"))} where hash(request) % 1000 < {labelled * 1000})
to {literal(str(labels / f"{name}.parquet"))} (compression zstd)"""
        )


def count(root: Path) -> tuple[float, float]:
    """Count in a process of its own; give its seconds, and its peak of memory in gigabytes."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", COUNT, str(root)])
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        sys.exit(f"it ended with {os.waitstatus_to_exitcode(status)}")
    print(f"  processor {usage.ru_utime + usage.ru_stime:.1f} s")
    return taken, usage.ru_maxrss * 1024 / 1e9


def measure(root: Path, rows: int, days: int, labelled: float) -> bool:
    """Print a line each; say whether the marks were reached."""
    write_text(root / "_quarto.yml", "project: {type: website}\n")
    version = add_bundle(root, fields=fields()).id
    for day in range(days):
        write_day(root, version, BEGIN + timedelta(day), rows // days, labelled)
    reached = []
    for what, mark in (("at once", MARK), ("nothing new", MARK_OF_DAY), ("a day", MARK_OF_DAY)):
        if what == "a day":
            write_day(root, version, BEGIN + timedelta(days), DAY, labelled)
        taken, memory = count(root)
        is_reached = taken <= mark and memory <= MEMORY
        verdict = "ok" if is_reached else "MISSED"
        print(f"{what:<12}{taken:>7.1f} s (mark {mark:g} s), {memory:.2f} GB  {verdict}")
        reached.append(is_reached)
    return all(reached)


def main() -> None:
    """Read the options and measure; the exit code is 1 if a mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--labels", type=float, default=0.8)
    chosen = parser.parse_args()
    print(f"{chosen.rows:,} predictions of 20 features, {chosen.days} days, {THREADS} cores")
    with tempfile.TemporaryDirectory() as name:
        is_reached = measure(Path(name), chosen.rows, chosen.days, chosen.labels)
    print(datetime.now(UTC).date())
    sys.exit(0 if is_reached else 1)


if __name__ == "__main__":
    main()
