"""Jupyter's way of starting kernels, pointed at a kernel server."""

from __future__ import annotations

import asyncio
import json
import signal
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

LOST = -int(signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Start a kernel through the server at ``address`` and follow its life.

    A kernelspec chooses it with ``metadata.kernel_provisioner``: name ``analysis-fork`` and, as
    ``config``, the ``address`` of the server's Unix socket and the ``log`` for the kernel's own
    output.
    """

    address = Unicode(help="path of the kernel server's Unix socket").tag(config=True)
    log_file = Unicode(help="where the kernel's own output goes").tag(config=True)

    _writer: asyncio.StreamWriter | None = None
    _exit: asyncio.Task[int] | None = None

    @property
    def has_process(self) -> bool:
        """Say whether there is a kernel to manage."""
        return self._exit is not None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Ask the server for a kernel; ``cmd``, ``cwd`` and ``env`` are those of a new process.

        Raises
        ------
        ConnectionError
            The server is gone.
        """
        reader, self._writer = await asyncio.open_unix_connection(self.address)
        self._send(
            {"argv": cmd, "cwd": str(kwargs["cwd"]), "env": kwargs["env"], "log": self.log_file}
        )
        answer = await reader.readline()
        if not answer:
            raise ConnectionError("the kernel server ended")
        self.pid = self.pgid = json.loads(answer)["pid"]
        self._exit = asyncio.create_task(_exit_code(reader))
        return self.connection_info

    async def poll(self) -> int | None:
        """Give the exit code, or ``None`` while the kernel runs."""
        if self._exit is None:
            return 0
        return self._exit.result() if self._exit.done() else None

    async def wait(self) -> int | None:
        """Wait for the kernel's end and give its exit code: negative for a signal."""
        if self._exit is None:
            return 0
        return await asyncio.shield(self._exit)

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and the processes that it started."""
        self._send({"signal": int(signum)})

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and the processes that it started, and wait until they are gone."""
        await self.send_signal(signal.SIGKILL)
        await self.wait()

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave the server, which kills a kernel that is still there."""
        if self._writer is not None:
            self._writer.close()
        if self._exit is not None and not restart:
            self._exit.cancel()
        self._exit = self._writer = None
        await super().cleanup(restart)

    def _send(self, message: dict[str, Any]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")


async def _exit_code(reader: asyncio.StreamReader) -> int:
    try:
        answer = await reader.readline()
    except ConnectionError:
        answer = b""
    return int(json.loads(answer)["exit"]) if answer else LOST
