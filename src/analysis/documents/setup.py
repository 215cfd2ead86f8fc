"""The code that the executor runs in a kernel before a page's first cell, and after its last."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from analysis.documents.document import Document
from analysis.lineage.notes import RECORDER
from analysis.project import Project

_IN_KERNEL = "analysis_in_kernel"
_LOAD = """
import importlib.util, sys

def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

recorder = load({recorder!r}, {recorder_path!r})
load({in_kernel!r}, {in_kernel_path!r}).configure(*{settings!r})
recorder.start(*{places!r})
"""


@dataclass(frozen=True)
class KernelCode:
    """Code to run ``before`` and ``after`` the cells; it leaves no name in their namespace.

    ``record`` is the file into which the last one writes what the page has read.
    """

    before: str
    after: str
    record: Path


def kernel_code(project: Project, document: Document, path: Path, memory: int | None) -> KernelCode:
    """Write the code that sets up figures, charts, memory and the recorder.

    Parameters
    ----------
    path
        Where files may be written whose names begin so, outside the project.
    memory
        Bytes that the kernel may use.
    """
    execute = document.execute
    settings = (
        execute.fig_width,
        execute.fig_height,
        execute.fig_dpi,
        execute.fig_format,
        execute.interactivity,
        memory,
    )
    record = path.with_suffix(".record")
    before = _LOAD.format(
        recorder=RECORDER,
        recorder_path=str(files("analysis.lineage") / "recorder" / "__init__.py"),
        in_kernel=_IN_KERNEL,
        in_kernel_path=str(files("analysis.documents") / "in_kernel.py"),
        settings=settings,
        places=(
            str(project.root),
            document.source,
            str(project.warehouse),
            str(path.with_suffix(".queries")),
        ),
    )
    after = f"import sys\nsys.modules[{RECORDER!r}].finish({str(record)!r})"
    return KernelCode(f"exec({before!r}, {{}})", f"exec({after!r}, {{}})", record)
