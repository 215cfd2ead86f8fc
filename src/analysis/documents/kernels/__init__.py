"""Kernels: forked from a process that has imported the heavy libraries, or started the ordinary way."""

from analysis.documents.kernels.server import KernelServer

__all__ = ["KernelServer"]
