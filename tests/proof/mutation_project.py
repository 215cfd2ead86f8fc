"""A project with every kind of input, and which pages depend on which of them.

``USERS`` is what we declare: from an input to the pages that must run when its content changes. It
is written by hand, so that the product's own idea of dependence has something to be wrong against.

Long because it is one table of files and one of who uses them, to be read side by side.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

CONFIG = """\
project:
  type: website
website:
  title: "Every kind of input"
  description: "For the mutation test"
execute:
  freeze: auto
  echo: false
jupyter: python3
"""

SOURCES = """\
sources:
  sales:
    description: What was sold
    kind: csv
    path: data/raw/sales.csv
    columns:
      day: DATE
      shop: VARCHAR
      amount: {type: INTEGER, description: What was paid, unit: EUR}
      note: VARCHAR
  costs:
    description: What it cost
    kind: csv
    path: data/raw/costs.csv
    columns:
      day: DATE
      cost: INTEGER
  shops:
    description: The shops
    kind: csv
    path: data/raw/shops.csv
    columns:
      shop: VARCHAR
      town: VARCHAR
  unused:
    description: Nobody reads it
    kind: csv
    path: data/raw/unused.csv
    columns:
      x: INTEGER
"""

DATA = {
    "_quarto.yml": CONFIG,
    "data/sources.yml": SOURCES,
    "data/raw/sales.csv": (
        "day,shop,amount,note\n2026-01-01,north,3,a\n2026-01-01,south,4,b\n2026-01-02,north,5,c\n"
    ),
    "data/raw/costs.csv": "day,cost\n2026-01-01,2\n2026-01-02,1\n",
    "data/raw/shops.csv": "shop,town\nnorth,Kiel\nsouth,Ulm\n",
    "data/raw/unused.csv": "x\n1\n",
    "data/sql/features/daily.sql": (
        "select day, sum(amount) as amount from raw.sales group by day\n"
    ),
    "data/sql/features/margin.sql": (
        "select day, d.amount - c.cost as margin\n"
        "from features.daily d join raw.costs c using (day)\n"
    ),
    "data/sql/features/towns.sql": "select upper(town) as town from raw.shops\n",
    "data/sql/features/lonely.sql": "select x from raw.unused\n",
    "data/sql/reports/top.sql": "select max(margin) as top from features.margin\n",
}

FILES = {
    "files/open.txt": "opened 1\n",
    "files/path.txt": "path 1\n",
    "files/pandas.csv": "x\n1\n2\n",
    "files/duckdb.csv": "x\n1\n2\n",
    "files/scan.csv": "x\n1\n2\n",
    "files/relation.csv": "x\n1\n2\n",
    "files/switch.txt": "left",
    "files/left.txt": "left 1\n",
    "files/right.txt": "right 1\n",
    "shared/common.txt": "common 1\n",
    "files/nobody.txt": "nobody reads this\n",
    "wh/which.txt": "raw.costs",
    "decl/a.txt": "1\n",
    "decl/b.txt": "2\n",
    "shared/declared/one.csv": "1\n",
    "decl/folder/deep/c.txt": "3\n",
}

MODULES = {
    "src/shop/__init__.py": '"""A package."""\n\nNAME = "shop"\n',
    "src/shop/prices.py": "from .units import EUR\n\nPRICE = f'2 {EUR}'\n",
    "src/shop/units.py": "EUR = 'EUR'\n",
    "src/shop/tables.py": (
        "import analysis\n\n\ndef towns():\n"
        "    return analysis.db().execute('select sum(length(town)) from raw.shops').fetchall()\n"
    ),
    "src/shop/unused.py": "X = 1\n",
    "src/solo.py": "VALUE = 'solo 1'\n",
    "src/lazy.py": "def value():\n    import later\n\n    return later.VALUE\n",
    "src/later.py": "VALUE = 'later 1'\n",
    "src/plugins/__init__.py": "",
    "src/plugins/first.py": "VALUE = 'first 1'\n",
    "src/plugins/second.py": "VALUE = 'second 1'\n",
    "src/data.py": (
        "import json\nfrom pathlib import Path\n\n"
        "RATE = json.loads((Path(__file__).parent / 'rate.json').read_text())['rate']\n"
    ),
    "src/rate.json": '{"rate": 7}\n',
    "src/wraps.py": "import tinydist\n\nVALUE = tinydist.VALUE\n",
    "mods/beside_helper.py": "VALUE = 'beside 1'\n",
}

INCLUDED = {
    "inc/_a.md": "Text of a 1.\n",
    "inc/_b.md": "Text of b 1.\n\n{{< include _parts/_c.md >}}\n",
    "inc/_parts/_c.md": "Text of c 1.\n",
    "inc/_code.md": "```{python}\nprint('included 1')\n```\n",
    "meta/_metadata.yml": "execute:\n  echo: true\nlang: en\n",
    "meta/mid/_metadata.yml": "subtitle: Middle\n",
}

SETUP = "import os, sys\nsys.path.append(os.path.join(os.environ['QUARTO_PROJECT_ROOT'], 'src'))\n"
WAREHOUSE = "os.path.join(os.environ['QUARTO_PROJECT_ROOT'], 'data', 'warehouse.duckdb')"


def _db(sql: str) -> str:
    return f"import analysis\nprint(analysis.db().execute({sql!r}).fetchall())"


def _connect(sql: str) -> str:
    return (
        f"import duckdb, os\ncon = duckdb.connect({WAREHOUSE}, read_only=True)\n"
        f"print(con.execute({sql!r}).fetchall())"
    )


CELLS = {
    "wh/db-table": _db("select sum(amount), max(note) from raw.sales"),
    "wh/db-view": _db("select * from features.daily order by day"),
    "wh/db-nested": _db("select top from reports.top"),
    "wh/db-join": _db("select count(*) from raw.shops s, features.margin m"),
    "wh/db-cte": _db("with costs as (select 1 as x) select x from costs"),
    "wh/db-quoted": _db('select max("cost") from "raw"."costs"'),
    "wh/query": (
        "import analysis\nprint(analysis.query('from features.towns order by 1').to_csv())"
    ),
    "wh/connect-table": _connect("select sum(cost) from raw.costs"),
    "wh/connect-nested": _connect("select top from reports.top"),
    "wh/connect-cursor": (
        f"import duckdb, os\ncon = duckdb.connect({WAREHOUSE}, read_only=True)\n"
        "cursor = con.cursor()\ncursor.execute('select town from features.towns order by 1')\n"
        "print(cursor.fetchall())"
    ),
    "wh/connect-attach": (
        f"import duckdb, os\npath = {WAREHOUSE}\n"
        "duckdb.execute(f\"attach '{path}' as w (read_only)\")\n"
        "print(duckdb.sql('select count(*) from w.raw.costs').fetchall())"
    ),
    "wh/module": SETUP + "from shop import tables\nprint(tables.towns())",
    "wh/which": (
        "import analysis\nname = open('which.txt').read()\n"
        "print(analysis.db().execute(f'select count(*) from {name}').fetchall())"
    ),
    "wh/none": "import duckdb\nprint(duckdb.sql('select 42').fetchall(), 'raw.costs')",
    "files/open": "print(open('open.txt').read())",
    "files/path": "from pathlib import Path\nprint(Path('path.txt').read_text())",
    "files/pandas": "import pandas as pd\nprint(pd.read_csv('pandas.csv').x.sum())",
    "files/duckdb": (
        "import duckdb\nprint(duckdb.sql(\"select sum(x) from read_csv('duckdb.csv')\").fetchall())"
    ),
    "files/scan": "import duckdb\nprint(duckdb.sql(\"select sum(x) from 'scan.csv'\").fetchall())",
    "files/relation": (
        "import duckdb\nprint(duckdb.read_csv('relation.csv').aggregate('sum(x)').fetchall())"
    ),
    "files/common": "print(open('../shared/common.txt').read())",
    "files/common-too": (
        "import os\n"
        "root = os.environ['QUARTO_PROJECT_ROOT']\n"
        "print(len(open(root + '/shared/common.txt').read()))\n"
        "print(open(root + '/shared/common.txt').read())"
    ),
    "files/chosen": "name = open('switch.txt').read()\nprint(open(f'{name}.txt').read())",
    "files/absent": (
        "try:\n    print(open('maybe.txt').read())\nexcept FileNotFoundError:\n    print('nothing')"
    ),
    "files/own": (
        "from pathlib import Path\nPath('own.tmp').write_text('mine')\n"
        "print(Path('own.tmp').read_text())"
    ),
    "mods/package": SETUP + "from shop import prices\nprint(prices.PRICE)",
    "mods/solo": SETUP + "import solo\nprint(solo.VALUE)",
    "mods/lazy": SETUP + "import lazy\nprint(lazy.value())",
    "mods/dynamic": (
        SETUP + "import importlib\nprint(importlib.import_module('plugins.' + 'first').VALUE)"
    ),
    "mods/beside": "import beside_helper\nprint(beside_helper.VALUE)",
    "mods/data": SETUP + "import data\nprint(data.RATE)",
    "mods/dist": "import tinydist\nprint(tinydist.VALUE)",
    "mods/dist-by-module": SETUP + "import wraps\nprint(wraps.VALUE)",
    "inc/one": "print('one')\n```\n\n{{< include _a.md >}}\n\n```{python}\nprint('two')",
    "inc/nested": "print('nested')\n```\n\n{{< include _b.md >}}\n\n```{python}\nprint('end')",
    "inc/code": "x = 1\n```\n\n{{< include _code.md >}}\n\n```{python}\nprint(x)",
    "meta/top": "print('top')",
    "meta/mid/page": "print('mid')",
    "meta/mid/low/page": "print('low')",
    "params/page": "#| tags: [parameters]\nsize = 3\n```\n\n```{python}\nprint(size * 2)",
    "decl/glob": "import subprocess\nprint(subprocess.getoutput('cat *.txt'))",
    "decl/rooted": "import subprocess\nprint(subprocess.getoutput('cat ../shared/declared/*'))",
    "decl/folder": "import subprocess\nprint(subprocess.getoutput('cat folder/deep/*'))",
    "decl/old": "print('valid for long')",
    "plain/inline": "x = 6",
}

FRONT = {
    "decl/glob": "analysis:\n  inputs: ['*.txt']\n",
    "decl/rooted": "analysis:\n  inputs: [/shared/declared/*.csv]\n",
    "decl/folder": "analysis:\n  inputs: [folder]\n",
    "decl/old": "analysis:\n  max-age: 1000d\n",
}
PROSE = {"plain/inline": "There are `{python} x * 7` of them.\n\n"}


def _page(name: str) -> str:
    front = f"---\ntitle: {name}\ndescription: About {name}\n{FRONT.get(name, '')}---\n\n"
    return f"{front}```{{python}}\n{CELLS[name]}\n```\n\n{PROSE.get(name, '')}Words.\n"


def _notebook(front: str, code: str, shown: str) -> str:
    output = {"output_type": "stream", "name": "stdout", "text": shown}
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": 1}
    cells = [
        {"cell_type": "raw", "id": "r", "metadata": {}, "source": front},
        {**cell, "source": code, "outputs": [output]},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


DOCUMENTS = {
    "index.qmd": "---\ntitle: Home\nlisting:\n  contents: [files, mods]\n  sort: title\n---\n",
    "plain/one.qmd": "---\ntitle: Plain one\n---\n\nNo code, see [home](../index.qmd).\n",
    "plain/two.md": "# Plain two\n\nNo code at all.\n",
    "nb/executed.ipynb": _notebook(
        "---\ntitle: Executed\nexecute:\n  enabled: true\n---", "print(open('nb.txt').read())", "?"
    ),
    "nb/saved.ipynb": _notebook("---\ntitle: Saved\n---", "print(open('nb.txt').read())", "kept"),
    "nb/nb.txt": "read by a notebook 1\n",
    **{f"{name}.qmd": _page(name) for name in CELLS},
}

PROJECT: Mapping[str, str] = {**DATA, **FILES, **MODULES, **INCLUDED, **DOCUMENTS}

PACKAGE = {
    "tinydist.py": "VALUE = 'tiny 1'\n",
    "tinydist-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tinydist\nVersion: 1.0\n",
    "tinydist-1.0.dist-info/top_level.txt": "tinydist\n",
    "tinydist-1.0.dist-info/RECORD": (
        "tinydist.py,,\ntinydist-1.0.dist-info/METADATA,,\ntinydist-1.0.dist-info/RECORD,,\n"
    ),
}

EXECUTED = frozenset({*(f"{name}.qmd" for name in CELLS), "nb/executed.ipynb"})


def _pages(names: str) -> frozenset[str]:
    return frozenset(f"wh/{name}.qmd" for name in names.split())


USERS: Mapping[str, frozenset[str]] = {
    "raw.sales": _pages("db-table"),
    "raw.costs": _pages("db-quoted connect-table connect-attach which"),
    "raw.shops": _pages("db-join module"),
    "raw.unused": frozenset(),
    "features.daily": _pages("db-view"),
    "features.margin": _pages("db-join"),
    "features.towns": _pages("query connect-cursor"),
    "features.lonely": frozenset(),
    "reports.top": _pages("db-nested connect-nested"),
    "wh/which.txt": _pages("which"),
    **{f"files/{n}.txt": frozenset({f"files/{n}.qmd"}) for n in ("open", "path")},
    **{
        f"files/{n}.csv": frozenset({f"files/{n}.qmd"})
        for n in ("pandas", "duckdb", "scan", "relation")
    },
    "shared/common.txt": frozenset({"files/common.qmd", "files/common-too.qmd"}),
    "files/switch.txt": frozenset({"files/chosen.qmd"}),
    "files/left.txt": frozenset({"files/chosen.qmd"}),
    "files/right.txt": frozenset(),
    "files/maybe.txt": frozenset({"files/absent.qmd"}),
    "files/nobody.txt": frozenset(),
    "nb/nb.txt": frozenset({"nb/executed.ipynb"}),
    "src/shop/__init__.py": frozenset({"mods/package.qmd", "wh/module.qmd"}),
    "src/shop/prices.py": frozenset({"mods/package.qmd"}),
    "src/shop/units.py": frozenset({"mods/package.qmd"}),
    "src/shop/tables.py": frozenset({"wh/module.qmd"}),
    "src/shop/unused.py": frozenset(),
    "src/solo.py": frozenset({"mods/solo.qmd"}),
    "src/lazy.py": frozenset({"mods/lazy.qmd"}),
    "src/later.py": frozenset({"mods/lazy.qmd"}),
    "src/plugins/__init__.py": frozenset({"mods/dynamic.qmd"}),
    "src/plugins/first.py": frozenset({"mods/dynamic.qmd"}),
    "src/plugins/second.py": frozenset(),
    "src/data.py": frozenset({"mods/data.qmd"}),
    "src/rate.json": frozenset({"mods/data.qmd"}),
    "src/wraps.py": frozenset({"mods/dist-by-module.qmd"}),
    "mods/beside_helper.py": frozenset({"mods/beside.qmd"}),
    "tinydist": frozenset({"mods/dist.qmd", "mods/dist-by-module.qmd"}),
    "inc/_a.md": frozenset({"inc/one.qmd"}),
    "inc/_b.md": frozenset({"inc/nested.qmd"}),
    "inc/_parts/_c.md": frozenset({"inc/nested.qmd"}),
    "inc/_code.md": frozenset({"inc/code.qmd"}),
    "meta/_metadata.yml": frozenset({"meta/top.qmd", "meta/mid/page.qmd", "meta/mid/low/page.qmd"}),
    "meta/mid/_metadata.yml": frozenset({"meta/mid/page.qmd", "meta/mid/low/page.qmd"}),
    "meta/mid/low/_metadata.yml": frozenset({"meta/mid/low/page.qmd"}),
    "decl/*.txt": frozenset({"decl/glob.qmd"}),
    "shared/declared/*.csv": frozenset({"decl/rooted.qmd"}),
    "decl/folder": frozenset({"decl/folder.qmd"}),
    "execution": EXECUTED,
    "age": frozenset({"decl/old.qmd"}),  # when it ran is not committed
    **{name: frozenset({name}) for name in EXECUTED},
}
