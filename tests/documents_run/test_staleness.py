"""What makes a page stale, and only that page; and what does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

from analysis.documents.fingerprints import Fingerprints
from analysis.documents.staleness import State, state_of
from analysis.lineage import Reason
from analysis.warehouse.ingest import IngestOptions, ingest
from tests.documents_run.conftest import Site
from tests.documents_run.pages import BUSY, SHOPS, SOURCES, VISITS, age, changed, write_source

Change = Callable[[Site], object]
A_CHANGED = "`data/extra/a.csv` changed"
DECLARED = "`data/extra/*.csv` changed"
LISTED = "list of files `data/extra/*.csv` changed"

CHANGES: dict[str, tuple[Change, dict[str, list[str]]]] = {
    "text": (lambda s: s.page("plain.qmd", "2"), {"plain.qmd": ["text of the page changed"]}),
    "include": (
        lambda s: s.write("_part.md", "Other text.\n"),
        {"includes.qmd": ["`_part.md` changed"]},
    ),
    "metadata": (
        lambda s: s.write("folder/_metadata.yml", "execute:\n  echo: true\nlang: en\n"),
        {"folder/inherits.qmd": ["`folder/_metadata.yml` changed"]},
    ),
    "metadata gone": (
        lambda s: (s.root / "folder/_metadata.yml").unlink(),
        {"folder/inherits.qmd": ["`folder/_metadata.yml` is gone"]},
    ),
    "metadata new": (
        lambda s: s.write("sub/_metadata.yml", "lang: de\n"),
        {"sub/beside.qmd": ["`sub/_metadata.yml` is new"]},
    ),
    "module that a module imports": (
        lambda s: s.write("src/tools/units.py", "import yaml\nKNOT = 2\n"),
        {"imports.qmd": ["`src/tools/units.py` changed"]},
    ),
    "module beside the page": (
        lambda s: s.write("sub/helper.py", "word = 'bye'\n"),
        {"sub/beside.qmd": ["`sub/helper.py` changed"]},
    ),
    "module that hides a library": (
        lambda s: s.write("sub/colorsys.py", ""),
        {"sub/beside.qmd": ["`import colorsys` finds `sub/colorsys.py` now"]},
    ),
    "module that hides another": (
        lambda s: s.write("tools.py", ""),
        {"imports.qmd": ["`import tools` finds `tools.py` and no more `src/tools/__init__.py`"]},
    ),
    "module that was missing": (
        lambda s: s.write("not_there_yet.py", ""),
        {"optional.qmd": ["`import not_there_yet` finds `not_there_yet.py` now"]},
    ),
    "file": (
        lambda s: s.write("data/extra/a.csv", "x\n7\n"),
        {"opens.qmd": [A_CHANGED], "csv.qmd": [A_CHANGED], "declares.qmd": [DECLARED]},
    ),
    "file gone": (
        lambda s: (s.root / "data/extra/a.csv").unlink(),
        {
            "csv.qmd": ["`data/extra/a.csv` is gone", LISTED],
            "declares.qmd": [DECLARED],
            "globs.qmd": [LISTED],
            "lists.qmd": ["list of files `data/extra/*` changed"],
            "opens.qmd": ["`data/extra/a.csv` is gone"],
        },
    ),
    "file new": (
        lambda s: s.write("data/extra/c.csv", "x\n3\n"),
        {
            "csv.qmd": [LISTED],
            "declares.qmd": [DECLARED],
            "globs.qmd": [LISTED],
            "lists.qmd": ["list of files `data/extra/*` changed"],
        },
    ),
    "file of another kind": (
        lambda s: s.write("data/extra/notes.txt", ""),
        {"lists.qmd": ["list of files `data/extra/*` changed"]},
    ),
    "file that was missing": (
        lambda s: s.write("data/late.csv", "here"),
        {"maybe.qmd": ["`data/late.csv` is new"]},
    ),
    "too old": (lambda s: age(s, "aged.qmd", 7), {"aged.qmd": ["older than 6h"]}),
    "time of the last run unknown": (
        lambda s: shutil.rmtree(s.root / ".analysis"),
        {"aged.qmd": ["older than 6h"]},
    ),
    "relation": (
        lambda s: write_source(s, "data/raw/shops.csv", SHOPS.replace("Rome", "Paris")),
        {"plain_duckdb.qmd": ["`raw.shops` changed: column `city`"]},
    ),
    "what a view reads": (
        lambda s: write_source(s, "data/raw/visits.csv", VISITS.replace(",3", ",4")),
        {
            "attached.qmd": ["`raw.visits` changed: column `customers`"],
            "view.qmd": ["`features.busy` changed: column `customers`"],
        },
    ),
    "a row that the view leaves out": (
        lambda s: write_source(s, "data/raw/visits.csv", VISITS.replace(",1", ",2")),
        {"attached.qmd": ["`raw.visits` changed: column `customers`"]},
    ),
    "view": (
        lambda s: write_source(s, "data/sql/features/busy.sql", BUSY.replace("2", "0")),
        {"view.qmd": ["`features.busy` changed: columns `customers`, `shop`"]},
    ),
    "view gone": (
        lambda s: ((s.root / "data/sql/features/busy.sql").unlink(), ingest(s.project)),
        {"view.qmd": ["`features.busy` is gone"]},
    ),
}


@pytest.mark.parametrize(("change", "stale"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_makes_the_pages_that_depend_on_it_stale_and_no_other(
    full: Site, change: Change, stale: dict[str, list[str]]
) -> None:
    change(full)
    assert changed(full) == stale


REORDERED = """
sources:
  shops:
    description: Shops
    columns: {shop: VARCHAR, city: VARCHAR}
    kind: csv
    path: data/raw/shops.csv
  visits:
    description: Visits to shops
    path: data/raw/visits.csv
    kind: csv
    columns: {day: DATE, shop: VARCHAR, customers: INTEGER}
"""


def touch_all(site: Site) -> None:
    """Give every file another time, and write its bytes anew."""
    for path in site.root.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes())
            os.utime(path, (1, 1))


def windows_lines(site: Site) -> None:
    """Write texts with the line ends of another system."""
    for name in ("plain.qmd", "_part.md", "src/tools/units.py", "folder/_metadata.yml"):
        path = site.root / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    "change",
    [
        touch_all,
        windows_lines,
        lambda s: s.write("notes.txt", "unused"),
        lambda s: s.write("src/tools/unused.py", "x = 1\n"),
        lambda s: s.write("src/tools/lazy.py", "x = 2\n"),
        lambda s: s.write("made.txt", "by another"),
        lambda s: s.write("src/pandas.py", ""),
        lambda s: s.write("_quarto.yml", "website:\n  title: New\nproject:\n  type: website\n"),
        lambda s: s.write("folder/_metadata.yml", "lang: en\n# words\nexecute:\n  echo: false\n"),
        lambda s: write_source(s, "data/sources.yml", REORDERED),
        lambda s: write_source(s, "data/sql/features/busy.sql", f"-- a word\n{BUSY}"),
        lambda s: write_source(
            s, "data/sql/features/busy.sql", BUSY.replace("> 2", "between 3 and 3")
        ),
        lambda s: (s.project.warehouse.unlink(), ingest(s.project, IngestOptions(force=True))),
        lambda s: age(s, "aged.qmd", 5),
    ],
    ids=[
        "touched",
        "line ends",
        "unrelated",
        "module that nothing imports",
        "module that is not imported after all",
        "file that the page wrote itself",
        "module that an unused function would import",
        "title of the site",
        "order in YAML",
        "order in sources.yml",
        "comment in SQL",
        "SQL with the same rows",
        "warehouse built again",
        "not too old",
    ],
)
def test_what_does_not_matter_makes_nothing_stale(full: Site, change: Change) -> None:
    change(full)
    assert changed(full) == {}


def test_what_made_pages_stale_is_settled_by_their_run(full: Site) -> None:
    full.write("src/tools/units.py", "KNOT = 1\n")
    full.write("data/late.csv", "here")
    write_source(full, "data/raw/shops.csv", "shop,city\nnorth,Bergen\n")
    assert full.ran() == ["imports.qmd", "maybe.qmd", "plain_duckdb.qmd"]
    assert changed(full) == {}


def test_a_page_that_is_brought_back_is_fresh_again(full: Site) -> None:
    good = (full.root / "plain.qmd").read_text()
    full.page("plain.qmd", "1 / 0")
    assert len(full.run().failed) == 1
    assert state_of(Fingerprints(full.project), "plain.qmd").state is State.FAILED
    full.write("plain.qmd", good)
    assert full.ran() == [] and changed(full) == {}
    assert not (full.root / ".analysis/failures/plain.qmd.json").exists()


def test_a_file_that_changes_while_the_page_runs_makes_it_stale(site: Site) -> None:
    site.write("data.txt", "one")
    change = "import subprocess\nsubprocess.run(['sh', '-c', 'echo two > data.txt'])"
    site.page("page.qmd", "text = open('data.txt').read()", change)
    site.run()
    assert changed(site) == {"page.qmd": ["`data.txt` changed"]}


def test_the_warehouse_is_built_for_the_first_time(site: Site) -> None:
    query = "import duckdb\ntry:\n    duckdb.connect('data/warehouse.duckdb', read_only=True)\n"
    site.page("page.qmd", f"{query}except duckdb.Error:\n    print('none')")
    site.write("data/sources.yml", SOURCES)
    site.write("data/raw/visits.csv", VISITS)
    site.write("data/raw/shops.csv", SHOPS)
    site.run()
    assert changed(site) == {}
    ingest(site.project)
    assert changed(site) == {"page.qmd": ["`data/warehouse.duckdb` is new"]}


def test_settings_of_execution_matter_to_every_page(full: Site) -> None:
    full.write("_quarto.yml", "project:\n  type: website\nexecute:\n  echo: false\n")
    reason = ["settings of execution in `_quarto.yml` changed"]
    assert changed(full) == dict.fromkeys(full.project.documents, reason)


def test_a_page_that_never_ran_and_one_whose_inputs_are_unknown(full: Site) -> None:
    full.page("new.qmd", "1")
    (full.root / "_freeze/plain/inputs.json").unlink()
    now = Fingerprints(full.project)
    new, plain = state_of(now, "new.qmd"), state_of(now, "plain.qmd")
    assert (new.state, [str(reason) for reason in new.reasons]) == (State.NEVER, ["never run"])
    assert plain.state is State.STALE
    assert plain.reasons == (Reason("unknown inputs", "plain.qmd"),)


def test_a_page_without_code_is_fresh(full: Site) -> None:
    full.write("prose.qmd", "# Words\n\n```python\nnot run\n```\n")
    full.write("includes.qmd", "{{< include _part.md >}}\n")
    assert changed(full) == {}
