"""What is recorded of a page while it runs: queries of every form, and odd ways of reading."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.documents.execute import execute_notebook
from analysis.documents.kernels import KernelServer
from tests.documents_run.conftest import Site, notebook, text

TABLES = ("raw.x", "raw.y", 'raw."odd name"', "meta.sources", "main.plain")
CONNECT = "import duckdb\ncon = duckdb.connect('data/warehouse.duckdb', read_only=True)\n"


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A project with a warehouse of small tables and a view."""
    site = Site(tmp_path_factory.mktemp("recording"))
    site.write("data/a.csv", "i\n1\n")
    with duckdb.connect(str(site.root / "data/warehouse.duckdb")) as con:
        con.execute("create schema raw; create schema features; create schema meta")
        for name in TABLES:
            con.execute(f"create table {name} as select 1 as i, 'a' as s")
        con.execute("create view features.v as select * from raw.x")
    with duckdb.connect(str(site.root / "data/other.duckdb")) as con:
        con.execute("create table t as select 1 as i")
    names = [name.replace('"', "") for name in (*TABLES, "features.v")]
    row = {"fingerprint": "f", "columns": {}, "reads": [], "kind": "table", "by": "content"}
    site.write("data/warehouse.json", json.dumps({"relations": dict.fromkeys(names, row)}))
    return site


def inputs(site: Site, *cells: str, **options: Any) -> dict[str, list[str]]:
    """Run a page with these cells and give the ids of its inputs by kind."""
    site.page("page.qmd", *cells)
    assert site.ran(force=True, **options) == ["page.qmd"]
    rows = json.loads((site.root / "_freeze/page/inputs.json").read_text())
    return {kind: list(ids) for kind, ids in rows.items()}


QUERIES = {
    "select": ("con.sql('select * from raw.x').fetchall()", ["raw.x"]),
    "from": ("con.execute('from raw.y').fetchall()", ["raw.y"]),
    "relation": ("con.table('raw.x').filter('i > 0').aggregate('count(*)').fetchall()", ["raw.x"]),
    "view": ("con.view('features.v').fetchall()", ["features.v"]),
    "cursor": ("con.cursor().execute('select * from raw.x').fetchall()", ["raw.x"]),
    "capitals": ("con.sql('select * from RAW.X').fetchall()", ["raw.x"]),
    "quotes": ("con.sql('select * from raw.\"odd name\"').fetchall()", ["raw.odd name"]),
    "database": ("con.sql('select * from warehouse.raw.x').fetchall()", ["raw.x"]),
    "common table": (
        "con.sql('with y as (select 1) select * from y, raw.x').fetchall()",
        ["raw.x"],
    ),
    "without schema": ("con.sql('select * from plain').fetchall()", ["main.plain"]),
    "search path": ("con.execute('use raw')\ncon.execute('select * from x')", ["raw.x"]),
    "several": ("con.execute('select 1; select * from raw.x; select 2')", ["raw.x"]),
    "prepared": (
        "con.execute('prepare p as select * from raw.x')\ncon.execute('execute p').fetchall()",
        ["raw.x"],
    ),
    "parameters": ("con.execute('select * from raw.x where i = ?', [1]).fetchall()", ["raw.x"]),
    "pivot": ("con.execute('pivot raw.x on s using count(*)').fetchall()", ["raw.x"]),
    "alias": (
        "con.execute('select count(*) from raw.x s, raw.y as t').fetchall()",
        ["raw.x", "raw.y"],
    ),
    "alias of columns": ("con.execute('select a from raw.x as s(a, b)').fetchall()", ["raw.x"]),
    "sample": ("con.execute('from raw.x s tablesample 50%').fetchall()", ["raw.x"]),
    "quoted alias": ('con.execute(\'from "raw"."x" as "a b"\').fetchall()', ["raw.x"]),
    "subquery": ("con.sql('select (select max(i) from raw.x)').fetchall()", ["raw.x"]),
    "temporary": ("con.execute('create temp table x as select * from raw.y')", ["raw.y"]),
    "no relation": ("con.sql('select 1').fetchall()", []),
    "data frame": ("import pandas as pd\nx = pd.DataFrame({'i': [1]})\ncon.sql('from x')", []),
    "closed": ("con.execute('from raw.x')\ncon.close()", ["raw.x"]),
}
WHOLE = {
    "catalog": ("con.sql('from duckdb_columns()').fetchall()", ["data/warehouse.duckdb"]),
    "computed": (
        "con.execute(\"set variable t = 'raw.x'\")\n"
        "con.execute(\"from query_table(getvariable('t'))\").fetchall()",
        ["data/warehouse.duckdb"],
    ),
    "log off": ("con.execute('call disable_logging()')", ["data/warehouse.duckdb"]),
}


def test_relations_are_recorded_however_they_are_read(recording: Site) -> None:
    found, wanted = {}, {}
    for name, (code, relations) in QUERIES.items():
        recording.page(f"q/{name}.qmd", f"import os\nos.chdir('..')\n{CONNECT}{code}")
        wanted[name] = relations
    recording.ran(preload=True, force=True)
    for name in QUERIES:
        path = recording.root / "_freeze/q" / name / "inputs.json"
        rows = json.loads(path.read_text())
        found[name] = list(rows.get("relation", {}))
        assert "warehouse" not in rows, name
        assert "data/warehouse.duckdb" not in rows.get("file", {}), name
        (recording.root / "q" / f"{name}.qmd").unlink()
    assert found == wanted


def test_what_cannot_be_understood_means_the_whole_warehouse(recording: Site) -> None:
    queries = {name: code for name, (code, whole) in WHOLE.items() if whole}
    for name, code in queries.items():
        recording.page(f"q/{name}.qmd", f"import os\nos.chdir('..')\n{CONNECT}{code}")
    recording.ran(preload=True, force=True)
    for name in queries:
        path = recording.root / "_freeze/q" / name / "inputs.json"
        assert list(json.loads(path.read_text())["warehouse"]) == ["data/warehouse.duckdb"], name
        (recording.root / "q" / f"{name}.qmd").unlink()


def test_the_warehouse_is_found_when_it_is_attached_to_another_instance(recording: Site) -> None:
    attach = "attach 'data/warehouse.duckdb' as w (read_only)"
    found = inputs(
        recording, f'import duckdb\nduckdb.sql("{attach}")', "duckdb.sql('from w.raw.x')"
    )
    assert found["relation"] == ["raw.x"] and "file" not in found


def test_other_databases_and_what_duckdb_reads_are_files(recording: Site) -> None:
    code = (
        "import duckdb\nfrom pathlib import Path\n"
        "with duckdb.connect('data/other.duckdb', read_only=True) as con:\n"
        "    con.sql('from t').fetchall()\n"
        "duckdb.sql(\"copy (select 1) to 'data/out.csv'\")\n"
        "duckdb.sql(\"from read_csv('data/out.csv')\").fetchall()\n"
        "duckdb.read_csv('data/a.csv').fetchall()\n"
        # Nothing of ours holds a database that the page has closed.
        "with duckdb.connect('data/new.duckdb') as con: con.execute('create table t (i int)')\n"
        "duckdb.sql(\"attach 'data/new.duckdb' as other\")\n"
        "Path('data/new.duckdb').unlink()\nPath('data/out.csv').unlink()"
    )
    found = inputs(recording, code)
    assert found["file"] == ["data/a.csv", "data/other.duckdb"] and "relation" not in found


def test_importlib_lazy_imports_and_removed_modules_are_recorded(site: Site) -> None:
    site.write("one.py", "")
    site.write("two.py", "def use():\n    import yaml\n\ndef never():\n    import pandas\n")
    site.write("three.py", "")
    code = (
        "import importlib, sys\nimportlib.import_module('one')\nimport two\ntwo.use()\n"
        "import three\ndel sys.modules['three']\n__import__('zmq')"
    )
    for options in ({"preload": True}, {"preload": False}):
        found = inputs(site, code, **options)
        assert found["module"] == ["one.py", "three.py", "two.py"]
        assert found["package"] == ["PyYAML", "pyzmq"]


def test_a_library_that_another_one_imports_is_not_the_pages(site: Site) -> None:
    found = inputs(site, "import pandas", preload=True)
    assert found["package"] == ["pandas"]


def test_code_can_note_inputs_of_its_own_kind(site: Site) -> None:
    site.write("runs/one.json", "{}")
    found = inputs(site, "from analysis.lineage import note\nnote('run', 'runs/one.json')")
    assert found["run"] == ["runs/one.json"]


def test_what_lies_outside_or_was_made_by_programs_is_no_input(site: Site, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("x")
    site.write("_freeze/old.txt", "x")
    site.write("env/lib/site-packages/data.txt", "x")
    code = (
        f"open({str(tmp_path / 'outside.txt')!r}).read()\nopen('_freeze/old.txt').read()\n"
        "open('env/lib/site-packages/data.txt').read()\nopen('page.qmd').read()"
    )
    found = inputs(site, code)
    assert "file" not in found


def test_patterns_are_recorded_as_they_were_asked_for(site: Site) -> None:
    site.write("data/deep/a.csv", "")
    code = (
        "import os\nfrom pathlib import Path\n"
        "list(Path('data').glob('*.txt')), list(Path('data').rglob('*.csv'))\n"
        "list(Path('data/deep').iterdir()), list(os.walk('data/deep'))"
    )
    listings = inputs(site, code)["listing"]
    assert listings == ["data/**/*.csv", "data/*.txt", "data/deep/*"]


def test_a_traceback_shows_the_page_and_nothing_of_the_recorder(site: Site) -> None:
    code = "#| error: true\nimport duckdb\nimport no_such_module"
    connect = "#| error: true\nduckdb.connect('no/such/folder/x.duckdb')"
    inputs(site, code, connect)
    shown = site.frozen("page")
    assert "ModuleNotFoundError" in shown and "IOException" in shown
    assert "watched" not in shown and "recorder" not in shown and "skipping" not in shown


def test_the_recorder_leaves_no_name_and_no_variable_behind(
    server: KernelServer, tmp_path: Path
) -> None:
    from analysis.documents.document import read_document
    from analysis.documents.setup import kernel_code

    site = Site(tmp_path)
    look = "[n for n in dir() if not n.startswith('_') and n not in ('In', 'Out', 'exit', 'quit')]"
    site.page("page.qmd", look)
    code = kernel_code(
        site.project, read_document(site.project, "page.qmd"), server.kernel_path(), None
    )
    options = {"source": "page.qmd", "cwd": tmp_path}
    with_recorder = execute_notebook(
        notebook(look), server, setup=code.before, finish=code.after, **options
    )
    without = execute_notebook(notebook(look), server, **options)
    assert text(with_recorder.cells[0]) == text(without.cells[0])
    assert code.record.is_file()
