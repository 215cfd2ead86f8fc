"""The client side of one kernel."""

from __future__ import annotations

import asyncio
from queue import Empty
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

SECONDS_TO_START = 60
SECONDS_FOR_OUTPUT = 60
HISTORY = "--HistoryManager.hist_file=:memory:"


class PageClient(NotebookClient):
    """The library's client without its waits: what it polls for, we are told."""

    km: Any
    kc: Any
    task_poll_for_reply: Any

    @classmethod
    def of(
        cls, notebook: NotebookNode, manager: AsyncKernelManager, timeout: float | None
    ) -> PageClient:
        """Make a client that gives each cell ``timeout`` seconds."""
        client = cls(
            notebook,
            km=manager,
            timeout_func=lambda _: timeout,
            iopub_timeout=SECONDS_FOR_OUTPUT,
            raise_on_iopub_timeout=True,
            record_timing=False,
        )
        spec = manager.kernel_spec
        if spec and "ipykernel_launcher" in spec.argv:
            client.extra_arguments = [HISTORY]
        return client

    async def async_start_new_kernel_client(self) -> Any:
        """Connect, and return as soon as the kernel answers.

        Raises
        ------
        DeadKernelError
            It died, or does not answer.
        """
        self.kc = self.km.client(context=self.km.context)
        self.kc.start_channels(stdin=False, hb=False)
        self.kc.allow_stdin = False
        ready = asyncio.ensure_future(self._ready())
        died = asyncio.ensure_future(self.km.provisioner.wait())
        try:
            await asyncio.wait(
                {ready, died}, timeout=SECONDS_TO_START, return_when=asyncio.FIRST_COMPLETED
            )
            if not ready.done():
                raise DeadKernelError("the kernel died" if died.done() else "no answer")
            ready.result()
        finally:
            ready.cancel()
            died.cancel()
        return self.kc

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        """Take a message in; structured data under a name that notebooks do not allow is renamed.

        Altair calls a chart ``….v6.json``; only ``…+json`` may hold more than text.
        """
        data = msg["content"].get("data")
        if isinstance(data, dict):
            msg["content"]["data"] = {_allowed(mime, value): value for mime, value in data.items()}
        return super().process_message(msg, cell, cell_index)

    async def end(self) -> None:
        """Kill the kernel; its results are here."""
        if self.kc is not None:
            self.kc.stop_channels()
        await self.km.shutdown_kernel(now=True)
        self.km.context.destroy(linger=0)

    async def _ready(self) -> None:
        while True:
            self.kc.kernel_info()
            try:
                await self.kc.get_iopub_msg(timeout=1)  # any message shows that we are subscribed
                break
            except Empty:
                continue
        reply = await self.kc.get_shell_msg()
        self.nb.metadata["language_info"] = reply["content"]["language_info"]

    async def _async_poll_kernel_alive(self) -> None:
        await self.km.provisioner.wait()
        self.task_poll_for_reply.cancel()


def _allowed(mime: str, value: object) -> str:
    is_text = isinstance(value, str)
    return mime if is_text or not mime.endswith(".json") else f"{mime.removesuffix('.json')}+json"
