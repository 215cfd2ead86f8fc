"""Kernels: alone with their state, the same whether forked or not, and gone when they should be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analysis.documents.execute import execute_notebook
from analysis.documents.kernels import KernelServer
from tests.documents_run.conftest import ROOT, Execute, notebook, text

SIGNALS = """
import signal
[(number, str(signal.getsignal(number))) for number in sorted(signal.valid_signals())]
"""
SAME = [
    "import altair as alt\nimport duckdb\nimport numpy as np\nimport pandas as pd",
    "rows = duckdb.sql('select i, i * i as square from range(5) t(i)').df()\nrows",
    "from great_tables import GT\nGT(rows, id='rows')",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot(rows.i, rows.square)",
    "alt.renderers.enable('mimetype')\nalt.Chart(rows).mark_line().encode(x='i', y='square')",
    "import warnings\nprint(set('shuffle'))\nwarnings.warn('careful', stacklevel=1)",
    "plt.get_backend(), np.linalg.svd(np.ones((64, 64)) / 3)[1].tolist()[:3]",
    SIGNALS,
    "import os, sys\nsorted(k for k in os.environ), sys.argv[0], sys.path, __name__",
]


def outputs(server: KernelServer, folder: Path, cells: list[str]) -> list[object]:
    made = execute_notebook(notebook(*cells), server, source="page.qmd", cwd=folder)
    return [(cell.execution_count, cell.outputs) for cell in made.cells]


def without_ids(shown: list[object]) -> str:
    """Leave out the process id, which is in the path of a warning, and addresses in memory."""
    return re.sub(r"ipykernel_\d+|0x[0-9a-f]+", "…", repr(shown))


def test_a_forked_kernel_gives_the_same_outputs_as_an_ordinary_one(
    forking: KernelServer, ordinary: KernelServer, tmp_path: Path
) -> None:
    from_fork = without_ids(outputs(forking, tmp_path, SAME))
    assert "image/png" in from_fork and "UserWarning: careful" in from_fork
    assert from_fork == without_ids(outputs(ordinary, tmp_path, SAME))


def test_a_forked_kernel_has_the_libraries_already(forking: KernelServer, tmp_path: Path) -> None:
    cell = "import sys\n[name in sys.modules for name in ('pandas', 'altair', 'matplotlib')]"
    made = execute_notebook(notebook(cell), forking, source="page.qmd", cwd=tmp_path)
    assert text(made.cells[0]) == "[True, True, True]"


def test_two_pages_cannot_see_each_other(execute: Execute) -> None:
    leave = "import os, pandas as pd\nsecret = 1\nos.environ['SECRET'] = '1'\npd.SECRET = 1"
    look = (
        "import os, pandas as pd\n'secret' in dir(), 'SECRET' in os.environ, hasattr(pd, 'SECRET')"
    )
    execute(leave)
    assert text(execute(look).cells[0]) == "(False, False, False)"


def test_each_fork_draws_its_own_random_numbers(execute: Execute) -> None:
    draw = "import random, numpy, uuid\nrandom.random(), numpy.random.rand(), uuid.uuid4()"
    assert text(execute(draw).cells[0]) != text(execute(draw).cells[0])


def test_the_document_runs_in_its_own_folder_and_can_import_from_there(
    execute: Execute, tmp_path: Path
) -> None:
    (tmp_path / "beside.py").write_text("word = 'found'\n")
    # A module beside the document hides an installed one, also one that was imported in advance.
    (tmp_path / "great_tables.py").write_text("word = 'mine'\n")
    modules = "import beside, great_tables\nbeside.word, great_tables.word"
    made = execute("import os\nos.getcwd()", modules)
    assert [text(cell) for cell in made.cells] == [repr(str(tmp_path)), "('found', 'mine')"]


@pytest.mark.parametrize(
    "module",
    [
        "import warnings\nwarnings.warn('old', FutureWarning)\n",
        "print('hello')\n",
        "import threading as t, time\nt.Thread(target=time.sleep, args=(9,)).start()\n",
        "import os\nos.kill(os.getpid(), 9)\n",
    ],
    ids=["warns", "prints", "threads", "kills"],
)
def test_what_shows_when_imported_is_left_to_the_page(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "installed"
    installed.mkdir()
    (installed / "loud.py").write_text(module)
    monkeypatch.setenv("PYTHONPATH", str(installed))
    with KernelServer([("loud", []), ("colorsys", [])]) as server:
        cell = "import sys\n'loud' in sys.modules"
        made = execute_notebook(notebook(cell), server, source="page.qmd", cwd=tmp_path)
    assert text(made.cells[0]) == "False"


def test_closing_the_server_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with KernelServer(None) as server:
        execute_notebook(notebook("1"), server, source="page.qmd", cwd=tmp_path)
        assert any(c.pid not in before for c in psutil.Process().children(recursive=True))
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    assert not server.folder.exists()


OWNER = """
import sys
from pathlib import Path
from analysis.documents.execute import execute_notebook
from analysis.documents.kernels import KernelServer
from tests.documents_run.conftest import notebook

with KernelServer(None) as server:
    print(server.folder, flush=True)
    code = (
        "import os, subprocess\\n"
        "child = subprocess.Popen(['sleep', '60'])\\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\\n"
        "child.wait()"
    )
    execute_notebook(notebook(code), server, source="page.qmd", cwd=Path(sys.argv[1]))
"""


def test_kernels_die_with_an_owner_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        pids = wait_for(lambda: [int(p) for p in read(tmp_path / "pids").split()])
        owner.kill()
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids))
    wait_for(lambda: not folder.exists())


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def wait_for(condition, seconds: float = 10):
    """Wait until ``condition`` gives something true, and give that."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
    return value


def test_the_users_own_settings_reach_the_kernel(
    ordinary: KernelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    cell = "import os\nos.environ['OPENBLAS_NUM_THREADS'], os.environ['PYTHONHASHSEED']"
    made = execute_notebook(notebook(cell), ordinary, source="page.qmd", cwd=tmp_path)
    seed = os.environ.get("PYTHONHASHSEED", "0")
    assert text(made.cells[0]) == f"('3', '{seed}')"


def test_a_library_that_brings_in_modules_of_the_project_is_left_to_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed, root = tmp_path / "installed", tmp_path / "project"
    installed.mkdir()
    root.mkdir()
    (installed / "outer.py").write_text("import inner\n")
    (root / "inner.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(installed), str(root)]))
    with KernelServer([("outer", []), ("colorsys", [])], root) as server:
        cell = "import sys\n[name in sys.modules for name in ('outer', 'inner', 'colorsys')]"
        made = execute_notebook(notebook(cell), server, source="page.qmd", cwd=tmp_path)
    assert text(made.cells[0]) == "[False, False, True]"
