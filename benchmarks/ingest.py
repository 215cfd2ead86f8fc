"""Time `analysis ingest`: nothing changed in this project, and a large Parquet source in 2 GB.

Usage: python benchmarks/ingest.py [ROWS] [REPEATS]

The large source has 30 million rows by default. Its peak of memory is the operating system's
count for the whole process.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

COMMAND = [str(Path(sys.executable).with_name("analysis")), "ingest"]
ROOT = Path(__file__).parents[1]
# Seconds on two cores.
MARK = 0.5
ROWS = 30_000_000
PARQUET = """
copy (
  select
    i as id, (i % 1000)::integer as shop, hash(i) % 100000 / 7 as price, 'k' || (i % 20) as kind,
    hash(i, 1)::varchar as code, timestamp '2013-01-01' + interval (i % 500000) minute as at
  from range({rows}) t(i)
) to '{file}' (row_group_size 200000)
"""
DECLARED = """
sources:
  visits:
    description: Visits
    kind: parquet
    path: data/raw/visits.parquet
    time: at
    contract: {key: id, rows: [1, null]}
    columns:
      id: {type: BIGINT, nullable: false}
      shop: {type: INTEGER, nullable: false, range: [0, 999]}
      price: {type: DOUBLE, range: [0, null]}
      kind: VARCHAR
      code: VARCHAR
      at: {type: TIMESTAMP, nullable: false}
"""
VIEW = """
/* {description: Visits by shop, key: shop, materialized: true} */
select shop, count(*) as visits, avg(price) as price from raw.visits group by shop
"""


def run(command: Sequence[str], folder: Path) -> tuple[float, int]:
    """Run ``command`` in ``folder``; give its seconds, and its peak of memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return taken, usage.ru_maxrss * 1024


def nothing_changed(folder: Path, repeats: int) -> bool:
    """Ingest a copy of this project's data, and then time that it has nothing to do."""
    for name in ("data", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("warehouse*"))
    (folder / "_quarto.yml").write_text("project: {type: website}\n")
    run(COMMAND, folder)
    taken = statistics.median(run(COMMAND, folder)[0] for _ in range(repeats))
    print(f"ingest, nothing changed: {taken:.2f} s (mark {MARK} s)")
    return taken <= MARK


def large(folder: Path, rows: int) -> bool:
    """Ingest a large source, and a table made of it, with a limit of memory."""
    (folder / "data" / "raw").mkdir(parents=True)
    (folder / "data" / "sql" / "features").mkdir(parents=True)
    (folder / "_quarto.yml").write_text("project: {type: website}\n")
    (folder / "data" / "sources.yml").write_text(DECLARED)
    (folder / "data" / "sql" / "features" / "shops.sql").write_text(VIEW)
    file = folder / "data" / "raw" / "visits.parquet"
    duckdb.sql(PARQUET.format(rows=rows, file=file))
    time.sleep(3)  # the content of a file that was just written is looked at again
    taken, peak = run([*COMMAND, "--memory-limit", "2GB"], folder)
    again, _ = run(COMMAND, folder)
    size = file.stat().st_size
    print(
        f"ingest of {rows:,} rows ({size / 1e9:.1f} GB of Parquet) with 2 GB: {taken:.1f} s, "
        f"peak {peak / 1e9:.2f} GB; nothing changed after it: {again:.2f} s (mark {MARK} s)"
    )
    return again <= MARK


def main() -> None:
    """Print a line each; the exit code is 1 if a mark was missed."""
    rows, repeats = (*map(int, sys.argv[1:]), *(ROWS, 5)[len(sys.argv) - 1 :])
    reached = []
    with tempfile.TemporaryDirectory() as name:
        reached.append(nothing_changed(Path(name), repeats))
    with tempfile.TemporaryDirectory() as name:
        reached.append(large(Path(name), rows))
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
