"""A project in which each page has inputs of one kind, and what tells which pages are stale."""

from __future__ import annotations

import time

from analysis.documents.fingerprints import Fingerprints
from analysis.documents.history import LastRun, read_history, write_history
from analysis.documents.staleness import state_of
from analysis.warehouse.ingest import ingest
from tests.documents_run.conftest import Site

SOURCES = """
sources:
  visits:
    description: Visits to shops
    kind: csv
    path: data/raw/visits.csv
    columns: {day: DATE, shop: VARCHAR, customers: INTEGER}
  shops:
    description: Shops
    kind: csv
    path: data/raw/shops.csv
    columns: {shop: VARCHAR, city: VARCHAR}
"""
VISITS = "day,shop,customers\n2026-01-01,north,3\n2026-01-02,south,1\n"
SHOPS = "shop,city\nnorth,Oslo\nsouth,Rome\n"
BUSY = "select shop, customers from raw.visits where customers > 2\n"
QUERY = "from analysis import db\nlen(db().sql('{}').fetchall())"
PLAIN_DUCKDB = """
import duckdb
with duckdb.connect("data/warehouse.duckdb", read_only=True) as con:
    print(con.table("raw.shops").aggregate("count(*)").fetchall())
"""
ATTACHED = """
import duckdb
duckdb.execute("attach 'data/warehouse.duckdb' as w (read_only)")
duckdb.sql('with shops as (select 1) select * from shops, W.Raw."visits"').fetchall()
"""
MAYBE = """
try:
    print(open("data/late.csv").read())
except FileNotFoundError:
    print("not yet")
"""
OPTIONAL = """
try:
    import not_there_yet
except ImportError:
    print("without")
"""
WRITES = """
from pathlib import Path
Path("made.txt").write_text("made")
Path("made.txt").read_text()
"""
GLOBS = "import glob\nsorted(glob.glob('data/extra/*.csv'))"


def write_pages(site: Site) -> None:
    """Write a project in which each page has inputs of one kind; ``plain`` has none of them."""
    site.write("data/sources.yml", SOURCES)
    site.write("data/raw/visits.csv", VISITS)
    site.write("data/raw/shops.csv", SHOPS)
    site.write("data/sql/features/busy.sql", BUSY)
    site.write("data/extra/a.csv", "x\n1\n")
    site.write("data/extra/b.csv", "x\n2\n")
    site.write("folder/_metadata.yml", "execute:\n  echo: false\nlang: en\n")
    site.write("_part.md", "Some text.\n")
    site.write("src/tools/__init__.py", "from importlib import import_module as _load\n")
    site.write("src/tools/speed.py", "from .units import KNOT\n")
    site.write("src/tools/units.py", "import yaml\nKNOT = 1\n\ndef unused():\n    import pandas\n")
    site.write("src/tools/lazy.py", "x = 1\n")
    site.write("sub/helper.py", "word = 'hello'\n")
    site.page("plain.qmd", "1")
    site.page("folder/inherits.qmd", "1")
    site.page("includes.qmd", "1", prose="{{< include _part.md >}}")
    site.page("imports.qmd", "import sys\nsys.path.insert(0, 'src')\nimport tools.speed")
    site.page("sub/beside.qmd", "import helper, colorsys\nhelper.word")
    site.page("opens.qmd", "open('data/extra/a.csv').read()")
    site.page("globs.qmd", GLOBS)
    site.page("lists.qmd", "import os\nsorted(os.listdir('data/extra'))")
    site.page("maybe.qmd", MAYBE)
    site.page("writes.qmd", WRITES)
    site.page("optional.qmd", OPTIONAL)
    site.page("declares.qmd", "1", front="analysis:\n  inputs: [data/extra/*.csv]")
    site.page("aged.qmd", "1", front="analysis:\n  max-age: 6h")
    site.page("view.qmd", QUERY.format("select * from features.busy"))
    site.page("plain_duckdb.qmd", PLAIN_DUCKDB)
    site.page("attached.qmd", ATTACHED)
    site.page("csv.qmd", "import duckdb\nduckdb.sql(\"from 'data/extra/*.csv'\").fetchall()")


def changed(site: Site) -> dict[str, list[str]]:
    """Give the stale pages with their reasons, as people read them."""
    now = Fingerprints(site.project)
    states = (state_of(now, source) for source in site.project.documents)
    return {s.source: [str(reason) for reason in s.reasons] for s in states if s.reasons}


def write_source(site: Site, name: str, content: str) -> None:
    """Change raw data or a view, and build the warehouse."""
    site.write(name, content)
    ingest(site.project)


def age(site: Site, page: str, hours: float) -> None:
    """Let the last run of a page be some hours ago."""
    history = dict(read_history(site.project))
    history[page] = LastRun(1.0, time.time() - hours * 3600)
    write_history(site.project, history)
