"""Kernels: forked from a process that has imported what pages import, or started anew."""

from analysis.documents.kernels.server import KernelServer

__all__ = ["KernelServer"]
