"""Execution of one notebook in a kernel of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4

from analysis.documents import cell_errors
from analysis.documents.kernels import KernelServer
from analysis.documents.kernels.client import PageClient
from analysis.documents.kernels.managers import kernel_manager
from analysis.documents.kernels.server import kernel_environment
from analysis.documents.notebook import CellPlan, check_inline
from analysis.errors import CellError, Location

LOG_TAIL = 4000


def execute_notebook(
    notebook: NotebookNode,
    server: KernelServer,
    *,
    source: str,
    cwd: Path,
    timeout: float | None = None,
    setup: str = "",
    finish: str = "",
    environment: Mapping[str, str] | None = None,
    memory: int | None = None,
) -> NotebookNode:
    """Run the cells of ``notebook``, as its metadata say, and fill in their outputs.

    Parameters
    ----------
    source
        The document in messages, relative to the project root.
    cwd
        The folder in which the kernel runs.
    timeout
        Seconds that each cell may take.
    setup, finish
        Code that runs first, and last if no cell failed; it leaves no trace in the history.
    environment
        Environment variables besides those of this process.
    memory
        Bytes that ``setup`` lets the kernel use; for messages.

    Raises
    ------
    CellError
        A cell raised, took too long or killed its kernel, or the kernel did not start.
    DocumentError
        The notebook names a kernel that does not exist or is not for Python.
    """
    execution = _Execution(notebook, server, Location(source), timeout, memory)
    env = {**kernel_environment(), **(environment or {})}
    asyncio.run(execution.run(cwd, env, setup, finish))
    return notebook


class _Execution:
    def __init__(
        self,
        notebook: NotebookNode,
        server: KernelServer,
        where: Location,
        timeout: float | None,
        memory: int | None,
    ) -> None:
        name = notebook.metadata.get("kernelspec", {}).get("name", "python3")
        manager = kernel_manager(server, name, where)
        self.notebook = notebook
        self.where = where
        self.timeout = timeout
        self.memory = memory
        self.log_file = Path(manager.connection_file).with_suffix(".log")
        self.client = PageClient.of(notebook, manager, timeout)
        # Where each cell begins, by the number that the kernel gave it.
        self.places: dict[int | None, Location] = {}

    async def run(self, cwd: Path, env: Mapping[str, str], setup: str, finish: str) -> None:
        try:
            await self._start(cwd, env)
            await self._hidden(setup)
            await self._cells()
            await self._hidden(finish)
            self.client.set_widgets_metadata()
        finally:
            await self.client.end()

    async def _start(self, cwd: Path, env: Mapping[str, str]) -> None:
        try:
            await self.client.async_start_new_kernel(cwd=str(cwd), env=dict(env))
            await self.client.async_start_new_kernel_client()
        except (DeadKernelError, RuntimeError, OSError) as error:
            raise CellError(
                f"the kernel `{self.client.km.kernel_name}` did not start",
                self.where,
                "see the log; `python -m ipykernel --version` must work in this environment",
                f"{error}\n{self._log()}",
            ) from None

    async def _hidden(self, code: str) -> None:
        if not code:
            return
        cell = v4.new_code_cell(code)  # type: ignore[no-untyped-call]
        self.notebook.cells.insert(0, cell)  # the client puts what it ran back in its place
        await self._execute(cell, 0, self.where, store_history=False)
        del self.notebook.cells[0]

    async def _cells(self) -> None:
        number = 0
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type != "code":
                continue
            plan = CellPlan.of(cell)
            if plan.eval:
                self.client.allow_errors = plan.error
                await self._execute(cell, index, plan.where, store_history=not plan.inline)
            if plan.inline:
                check_inline(cell)
            else:  # Quarto counts all cells of the page, also those that it does not run
                number += 1
                cell.execution_count = number

    async def _execute(
        self, cell: NotebookNode, index: int, where: Location, *, store_history: bool
    ) -> None:
        try:
            await self.client.async_execute_cell(cell, index, store_history=store_history)
        except CellExecutionError:
            pass  # its output says it better: here an error in showing a result has no name
        except CellTimeoutError:
            raise cell_errors.too_slow(self.timeout, where) from None
        except DeadKernelError:
            code = await self.client.km.provisioner.wait()
            raise cell_errors.died(code, where, self._log(), self.memory) from None
        self.places[cell.get("execution_count")] = where
        if not self.client.allow_errors:
            for output in cell.outputs:
                if output.output_type == "error":
                    raise cell_errors.raised(output, where, self.places, self.memory)

    def _log(self) -> str:
        try:
            return self.log_file.read_text(errors="replace")[-LOG_TAIL:]
        except OSError:
            return ""
