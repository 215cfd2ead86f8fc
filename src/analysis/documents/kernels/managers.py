"""Kernel managers: from the name of a kernel to something that can be started."""

from __future__ import annotations

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from analysis.documents.kernels.server import KernelServer
from analysis.errors import DocumentError, Location

# Milliseconds between a client's attempts to reach a kernel that has not bound its sockets yet.
RECONNECT = 5


def kernel_manager(server: KernelServer, name: str, where: Location) -> AsyncKernelManager:
    """Prepare a kernel that ``server`` will start; ``where`` names it in messages.

    The kernel talks over Unix sockets in the server's private folder: no port can clash.

    Raises
    ------
    DocumentError
        There is no such kernel, or it is not one for Python.
    """
    path = server.kernel_path()
    specs = _Specs(address=server.address, log_file=f"{path}.log")
    _check(specs, name, where)
    context = zmq.asyncio.Context()
    context.setsockopt(zmq.RECONNECT_IVL, RECONNECT)
    context.setsockopt(zmq.RCVHWM, 0)  # a fast writer must not lose messages
    context.setsockopt(zmq.LINGER, 0)
    return AsyncKernelManager(
        kernel_name=name,
        kernel_spec_manager=specs,
        connection_file=f"{path}.json",
        transport="ipc",
        context=context,
    )


class _Specs(KernelSpecManager):
    """Jupyter's kernels, each to be started by our server."""

    def __init__(self, **config: str) -> None:
        super().__init__()
        self._provisioner = {"provisioner_name": "analysis-fork", "config": config}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        spec = super().get_kernel_spec(kernel_name)
        spec.metadata = {**spec.metadata, "kernel_provisioner": self._provisioner}
        return spec


def _check(specs: KernelSpecManager, name: str, where: Location) -> None:
    try:
        spec = specs.get_kernel_spec(name)
    except NoSuchKernel:
        known = ", ".join(sorted(specs.find_kernel_specs()))
        raise DocumentError(
            f"there is no Jupyter kernel `{name}`", where, f"known kernels: {known}"
        ) from None
    if spec.language.lower() != "python":
        raise DocumentError(
            f"the kernel `{name}` runs {spec.language}, and only Python is supported",
            where,
            "name a Python kernel, such as `jupyter: python3`",
        )
