"""Time the contract of 10 million rows x 10 columns beside one scan that hashes them.

Usage: python benchmarks/contracts.py [ROWS] [REPEATS]

Both run in turn on the same table in one process; what counts is the ratio of the medians.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from analysis.errors import Location
from analysis.project import open_project
from analysis.project.project import SOURCES
from analysis.warehouse.contracts.rules import rules_of
from analysis.warehouse.contracts.scan import scan
from analysis.warehouse.declared.file import read_sources
from analysis.warehouse.reading.staged import Request, Staged

MARK = 3.0
TABLE = """
create table visits as
select
  i as id, (i % 1000)::integer as shop, random() as share, (hash(i) % 100000)::integer as minutes,
  'k' || (i % 20) as kind, 'x' || lpad((i % 100000)::varchar, 6, '0') as code, i % 2 = 0 as is_new,
  timestamp '2013-01-01' + interval (i % 500000) minute as at, random() * 100 as price,
  (i * 7919) % 10000019 as ticket
from range({rows}) t(i)
"""
DECLARED = """
sources:
  visits:
    description: Visits
    kind: parquet
    path: visits.parquet
    time: at
    contract: {key: id, rows: [1, null], checks: [{name: sane, expect: share * price <= 100}]}
    columns:
      id: {type: BIGINT, nullable: false}
      shop: {type: INTEGER, nullable: false, range: [0, 999]}
      share: {type: DOUBLE, nullable: false, range: [0, 1]}
      minutes: {type: INTEGER, nullable: false, range: [0, 100000]}
      kind: {type: VARCHAR, nullable: false, values: [KINDS]}
      code: {type: VARCHAR, nullable: false, pattern: "x[0-9]{6}"}
      is_new: {type: BOOLEAN, nullable: false}
      at: {type: TIMESTAMP, nullable: false, range: [2013-01-01, 2014-01-01]}
      price: {type: DOUBLE, nullable: false, range: [0, 100]}
      ticket: {type: BIGINT, nullable: false, range: [0, null]}
""".replace("KINDS", ", ".join(f"k{number}" for number in range(20)))
HASH = "select count(*), sum(hash(visits)) from visits"


def request(folder: Path) -> Request:
    """Declare the source in a project below ``folder``."""
    (folder / "data").mkdir()
    (folder / "_quarto.yml").write_text("project: {type: website}\n")
    (folder / SOURCES).write_text(DECLARED)
    project = open_project(folder)
    return Request("visits", read_sources(project), (), project, folder)


def main() -> None:
    """Print one line: both medians, their ratio, and the mark; exit 1 if it was missed."""
    rows, repeats = (*map(int, sys.argv[1:]), *(10_000_000, 5)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as name, duckdb.connect(f"{name}/bench.duckdb") as con:
        con.execute(TABLE.format(rows=rows))
        con.execute("checkpoint")
        wanted = request(Path(name))
        columns = {row[0]: row[1] for row in con.execute("describe visits").fetchall()}
        place = Location("visits")
        staged = Staged("visits", columns, place, lambda row: place)
        rules = rules_of(wanted, staged)
        hashing, checking = [], []
        for _ in range(repeats + 1):
            start = time.perf_counter()
            con.execute(HASH).fetchall()
            middle = time.perf_counter()
            counts = scan(con, wanted, staged, rules)
            hashing.append(middle - start)
            checking.append(time.perf_counter() - middle)
        assert counts.rows == rows and not any(counts.broken.values()), counts
    base, taken = statistics.median(hashing[1:]), statistics.median(checking[1:])
    ratio = taken / base
    print(
        f"contract of {rows:,} rows x {len(columns)} columns, {len(rules)} rules: {taken:.2f} s, "
        f"one hashing scan {base:.2f} s: ratio {ratio:.2f} (mark {MARK})"
    )
    sys.exit(0 if ratio <= MARK else 1)


if __name__ == "__main__":
    main()
