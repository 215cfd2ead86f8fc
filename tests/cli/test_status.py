"""What a person and a program learn of the states of pages, and of what a change would do."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.helpers.projects import ANALYSIS, QUARTO_YML, analysis, write_project

SOURCES = """
sources:
  visits:
    description: Visits to shops
    kind: csv
    path: data/raw/visits.csv
    columns: {shop: VARCHAR, customers: INTEGER}
"""
VISITS = "shop,customers\nnorth,3\nsouth,1\n"
CODE = "---\ntitle: A page\n---\n\n```{{python}}\n{}\n```\n"
QUERY = "from analysis import db\nprint(db().sql('select * from features.busy').fetchall())"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project in which one page of each state is left."""
    root = write_project(
        tmp_path_factory.mktemp("status") / "project",
        {
            "_quarto.yml": QUARTO_YML,
            "data/sources.yml": SOURCES,
            "data/raw/visits.csv": VISITS,
            "data/sql/features/busy.sql": "select * from raw.visits where customers > 2",
            "data/sql/features/busier.sql": "select * from features.busy",
            "src/tools/speed.py": "import zmq\n",
            "index.qmd": "# Home\n",
            "bad.qmd": CODE.format("1"),
            "busy.qmd": CODE.format(QUERY.replace("busy", "busier")),
            "tools.qmd": CODE.format("import sys\nsys.path.insert(0, 'src')\nimport tools.speed"),
        },
    )
    assert analysis(root, "ingest").code == 0
    assert analysis(root, "run").code == 0
    (root / "bad.qmd").write_text(CODE.format("1 / 0"))
    assert analysis(root, "run").code == 1
    (root / "new.qmd").write_text(CODE.format("2"))
    (root / "data/raw/visits.csv").write_text(VISITS.replace("3", "4"))
    assert analysis(root, "ingest").code == 0
    return root


def test_the_table_has_each_page_with_its_state_and_reasons(root: Path) -> None:
    lines = analysis(root, "status").out.splitlines()
    assert [line.split() for line in lines[-3:-1]] == [
        ["fresh", "index.qmd"],
        ["fresh", "tools.qmd"],
    ]
    assert [" ".join(line.split()) for line in lines[:3]] == [
        "failed bad.qmd text of the page changed",
        "stale busy.qmd `features.busier` changed: column `customers`",
        "never new.qmd never run",
    ]
    assert lines[-1] == "1 failed, 1 stale, 1 never, 2 fresh"


def test_json_has_exactly_what_is_promised(root: Path) -> None:
    content = json.loads(analysis(root, "status", "--json").out)
    assert list(content) == ["pages"]
    pages = {page["page"]: page for page in content["pages"]}
    assert pages["tools.qmd"] == {"page": "tools.qmd", "state": "fresh", "reasons": []}
    (reason,) = pages["busy.qmd"]["reasons"]
    assert (reason["kind"], reason["id"]) == ("relation", "features.busier")
    assert set(reason) == {"kind", "id", "then", "now"} and reason["then"] != reason["now"]
    assert {name: page["state"] for name, page in pages.items()} == {
        "bad.qmd": "failed",
        "busy.qmd": "stale",
        "index.qmd": "fresh",
        "new.qmd": "never",
        "tools.qmd": "fresh",
    }


def test_why_tells_then_and_now_and_the_failure(root: Path) -> None:
    out = analysis(root, "status", "--why", "bad.qmd").out
    assert out.startswith("bad.qmd is failed\n  text of the page changed\n    then ")
    assert "bad.qmd:6: ZeroDivisionError: division by zero" in out
    path = root / "_freeze/tools/inputs.json"
    kept = path.read_text()
    path.write_text(kept.replace('"pyzmq": "', '"pyzmq": "0'))
    out = analysis(root, "status", "--why", "tools.qmd").out
    path.write_text(kept)
    version = json.loads(kept)["package"]["pyzmq"]
    assert f"pyzmq 0{version} → {version}\n    then 0{version}, now {version}" in out


def test_an_unknown_page_is_told_with_the_nearest(root: Path) -> None:
    outcome = analysis(root, "status", "--why", "bsy.qmd")
    assert outcome.code == 2 and "did you mean `busy.qmd`?" in outcome.err


@pytest.mark.parametrize(
    ("name", "page", "through"),
    [
        ("features.busier", "busy.qmd", "relation features.busier"),
        ("raw.visits", "busy.qmd", "relation features.busier"),
        ("RAW.Visits", "busy.qmd", "relation features.busier"),
        ("data/sql/features/busy.sql", "busy.qmd", "relation features.busier"),
        ("src/tools/speed.py", "tools.qmd", "module src/tools/speed.py"),
        ("tools.speed", "tools.qmd", "module src/tools/speed.py"),
        ("PyZMQ", "tools.qmd", "package pyzmq"),
        ("tools.qmd", "tools.qmd", "text tools.qmd"),
    ],
)
def test_impact_names_the_page_and_the_way_to_it(
    root: Path, name: str, page: str, through: str
) -> None:
    lines = analysis(root, "impact", name).out.splitlines()
    assert len(lines) == 2
    assert lines[0].split(maxsplit=1) == [page, through]
    assert lines[1].endswith("re-runs 1 page")


def test_impact_as_json(root: Path) -> None:
    kind, name = "relation", "features.busier"
    pages = [{"page": "busy.qmd", "through": [{"kind": kind, "id": name}]}]
    assert json.loads(analysis(root, "impact", "raw.visits", "--json").out) == {
        "id": "raw.visits",
        "pages": pages,
        "experiments": [],
    }


def test_impact_of_a_column_follows_it_through_views(root: Path) -> None:
    lines = analysis(root, "impact", "RAW.visits.Customers").out.splitlines()
    assert lines == [
        "column features.busier.customers",
        "column features.busy.customers",
        "busy.qmd  relation features.busier",
        "2 columns of views from raw.visits.customers; read by 1 page, with it or one of them",
    ]
    assert json.loads(analysis(root, "impact", "features.busier.shop", "--json").out) == {
        "id": "features.busier.shop",
        "columns": [],
        "pages": [{"page": "busy.qmd", "through": [{"kind": "relation", "id": "features.busier"}]}],
        "experiments": [],
    }


def test_impact_of_an_unknown_column_names_the_nearest(root: Path) -> None:
    outcome = analysis(root, "impact", "raw.visits.custmers")
    assert outcome.code == 2
    assert "no relation, column, file, module, package, experiment or model `raw" in outcome.err
    assert "did you mean `raw.visits.customers`" in outcome.err


def test_impact_of_what_no_page_uses_and_of_what_is_not_there(root: Path) -> None:
    assert analysis(root, "impact", "features.busier").code == 0
    unused = analysis(root, "impact", "data/raw/visits.csv")
    assert (unused.code, unused.out) == (0, "a change of data/raw/visits.csv re-runs 0 pages\n")
    outcome = analysis(root, "impact", "features.bussy")
    assert outcome.code == 2
    assert "`features.busy`" in outcome.err and "Traceback" not in outcome.err


@pytest.fixture
def held(root: Path) -> Path:
    """Hold the lock of the project, as another run would."""
    with (root / ".analysis" / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("4242")
        file.flush()
        yield root


@pytest.mark.parametrize("command", ["run", "publish"])
def test_no_wait_names_who_holds_the_project(held: Path, command: str) -> None:
    outcome = analysis(held, command, "--no-wait")
    assert outcome.code == 2
    assert "another run holds the project (process 4242)" in outcome.err


def test_who_is_waited_for_is_shown_on_a_terminal(held: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen([ANALYSIS, "run"], cwd=held, stderr=theirs) as process:
        os.close(theirs)
        shown = os.read(ours, 1000).decode()
        process.kill()
    os.close(ours)
    assert shown.startswith("waiting: another run holds the project (process 4242)")


def test_memory_is_limited_and_others_go_on(tmp_path: Path) -> None:
    eats = "x = bytearray(3_000_000_000)"
    root = write_project(
        tmp_path / "memory", {"eats.qmd": CODE.format(eats), "good.qmd": CODE.format("1")}
    )
    outcome = analysis(root, "run", "--max-memory", "1GB")
    assert outcome.code == 1 and "ran      good.qmd" in outcome.out
    assert "eats.qmd:6: this cell ran out of memory: MemoryError" in outcome.err
    assert "--max-memory" in outcome.err and "1 GB" in outcome.err
    wrong = analysis(root, "run", "--max-memory", "much")
    assert wrong.code == 2 and "500MB" in wrong.err
