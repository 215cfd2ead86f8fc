"""Execution of one notebook: what cells say about it, and how each failure is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from analysis.documents.inline import Expression
from analysis.documents.inline import code as inline_code
from analysis.documents.kernels import KernelServer
from analysis.documents.notebook import CellPlan
from analysis.errors import CellError, DocumentError, Location
from tests.documents_run.conftest import Execute, notebook, text

HERE = Location("page.qmd", 10)
Failing = Callable[..., CellError]


def inline(expression: str, line: int) -> tuple[str, CellPlan]:
    found = (Expression(expression, Location("page.qmd", line)),)
    return inline_code(found), CellPlan(Location("page.qmd", line), expressions=found)


def test_cells_share_their_state_and_are_counted_as_quarto_counts(execute: Execute) -> None:
    made = execute("x = 1", ("x = 2", CellPlan(HERE, eval=False)), inline("x + 1", 5), "x")
    assert [cell.execution_count for cell in made.cells][:2] == [1, 2]
    assert made.cells[1].outputs == []
    assert made.cells[3].execution_count == 3 and text(made.cells[3]) == "1"


def test_the_setup_runs_first_and_leaves_no_cell(execute: Execute) -> None:
    made = execute("ready", setup="ready = 'yes'")
    assert len(made.cells) == 1 and text(made.cells[0]) == "'yes'"
    assert made.metadata.language_info.name == "python"


def test_an_inline_expression_that_raises_is_found(failure: Failing) -> None:
    error = failure("x = 1", inline("x / 0", 33))
    assert error.where == Location("page.qmd", 33)
    assert "ZeroDivisionError: division by zero" in error.what


def test_the_environment_of_the_call_reaches_the_kernel(execute: Execute) -> None:
    made = execute("import os\nos.environ['COLOUR']", environment={"COLOUR": "red"})
    assert text(made.cells[0]) == "'red'"


def test_a_cell_that_may_raise_keeps_its_error_and_the_next_one_runs(execute: Execute) -> None:
    made = execute(("1 / 0", CellPlan(HERE, error=True)), "'after'")
    assert made.cells[0].outputs[0].ename == "ZeroDivisionError"
    assert text(made.cells[1]) == "'after'"


@pytest.mark.parametrize(
    ("cells", "line", "what"),
    [
        (["x = 1\n\nraise ValueError('too\\nlong')"], 12, "ValueError: too"),
        (["def f():\n    return 1 / 0", "x = 1\nf()"], 11, "ZeroDivisionError: division by zero"),
        (["x = 1", "y = (1\nz = 2"], 20, "SyntaxError: '(' was never closed"),
        (["raise KeyError"], 10, "KeyError"),
        (["x = 1\nimport json\njson.loads('{')"], 12, "JSONDecodeError: Expecting property name"),
        (
            ["class A:\n    def _repr_html_(self):\n        raise TypeError('no')", "A()"],
            12,
            "TypeError: no",
        ),
    ],
    ids=["line", "earlier cell", "syntax", "no message", "library", "when shown"],
)
def test_an_exception_is_told_with_its_line(
    failure: Failing, cells: list[str], line: int, what: str
) -> None:
    error = failure(*cells)
    assert error.what.startswith(what) and "\n" not in error.what and ".py, line" not in error.what
    assert error.where == Location("page.qmd", line)
    assert what.partition(":")[0] in error.traceback and "\x1b" not in error.traceback


@pytest.mark.parametrize(
    ("cell", "what", "hint"),
    [
        ("import os\nos.kill(os.getpid(), 9)", "killed by SIGKILL", "memory"),
        ("import ctypes\nctypes.string_at(0)", "killed by SIGSEGV", "library"),
        ("import os\nos._exit(3)", "exit code 3", "raise"),
    ],
)
def test_a_cell_that_kills_its_kernel_is_found_at_once(
    failure: Failing, cell: str, what: str, hint: str
) -> None:
    start = time.monotonic()
    error = failure("x = 1", cell)
    assert time.monotonic() - start < 5
    assert what in error.what and hint in (error.hint or "")
    assert error.where == Location("page.qmd", 20)


def test_a_cell_that_never_ends_is_killed_with_what_it_started(
    failure: Failing, tmp_path: Path
) -> None:
    endless = (
        "import subprocess, os\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open('pids', 'w').write(f'{os.getpid()} {child.pid}')\n"
        "while True:\n    pass"
    )
    error = failure("x = 1", endless, timeout=0.7)
    assert error.what == "this cell did not end within 0.7 s"
    assert error.where == Location("page.qmd", 20) and "--timeout" in (error.hint or "")
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2 and not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_many_outputs_all_arrive_in_order(execute: Execute) -> None:
    made = execute("from IPython.display import display\nfor i in range(3000): display(i)")
    assert [o.data["text/plain"] for o in made.cells[0].outputs] == [str(i) for i in range(3000)]


def test_a_kernel_that_does_not_exist_is_named_with_those_that_do(
    ordinary: KernelServer, execute: Execute
) -> None:
    with pytest.raises(DocumentError) as caught:
        execute(notebook("1", kernel="none-such"))
    assert "`none-such`" in caught.value.what and "python3" in (caught.value.hint or "")
    assert caught.value.where == Location("page.qmd")


@pytest.fixture
def kernelspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Install a kernelspec for one test."""

    def install(language: str, program: str) -> None:
        folder = tmp_path / "kernels" / "other"
        folder.mkdir(parents=True)
        (folder / "kernel.json").write_text(
            f'{{"argv": ["{program}", "{{connection_file}}"], "display_name": "other", '
            f'"language": "{language}"}}'
        )
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    return install


def test_a_kernel_for_another_language_is_refused(
    kernelspec: Callable[[str, str], None], execute: Execute
) -> None:
    kernelspec("julia", "julia")
    with pytest.raises(DocumentError, match="runs julia"):
        execute(notebook("1", kernel="other"))


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/program"])
def test_a_kernel_that_does_not_start_is_told(
    kernelspec: Callable[[str, str], None], execute: Execute, program: str
) -> None:
    kernelspec("python", program)
    with pytest.raises(CellError, match="the kernel `other` did not start"):
        execute(notebook("1", kernel="other"))
