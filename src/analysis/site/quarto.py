"""The other renderer: Quarto itself, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.documents.page import Page
from analysis.errors import Location, RenderError
from analysis.files import write_text
from analysis.project import Project
from analysis.site.assets import asset_texts, has_charts
from analysis.site.renderer import RenderedSite, Report, silent

# Set while we render, so that our own hooks in _quarto.yml know that their work is done.
RENDERING = "ANALYSIS_RENDERING"
_PROGRESS = re.compile(r"^\[\s*\d+/\d+\]\s+(.+?)\s*$")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"^(?:\(\S+\)\s*)?WARN(?:ING)?:?\s*(.+)$")


def find_quarto() -> str | None:
    """Find the program on the PATH."""
    return shutil.which("quarto")


def called_by_us() -> bool:
    """Say whether a hook runs inside a rendering that we started."""
    return bool(os.environ.get(RENDERING))


def add_assets(project: Project, folder: Path) -> None:
    """Put what our charts load beside the pages that Quarto wrote below ``folder``."""
    pages = (path.read_text(encoding="utf-8") for path in folder.rglob("*.html"))
    if any(has_charts(page) for page in pages):
        for name, text in asset_texts(project, charts=True).items():
            write_text(folder / name, text)


class QuartoRenderer:
    """Render with ``quarto render``; pages come from the freeze, so that no cell runs.

    A failed page reaches Quarto as a frozen result with its banner.
    """

    name = "quarto"

    def __init__(self, program: str) -> None:
        self.program = program

    def identity(self, project: Project, pages: Sequence[Page]) -> str | None:
        """Give nothing: what Quarto reads cannot be told."""
        return None

    def render(
        self,
        project: Project,
        pages: Sequence[Page],
        output: Path,
        *,
        jobs: int = 1,
        report: Report = silent,
    ) -> RenderedSite:
        """Render the project and copy what Quarto wrote into ``output``."""
        started = time.monotonic()
        messages = self._run(project, report)
        if not project.output_dir.is_dir():
            raise RenderError(
                f"Quarto wrote nothing into {project.output_dir.name}",
                Location("_quarto.yml"),
                "check `project: type: website` and `output-dir`",
            )
        shutil.copytree(project.output_dir, output, dirs_exist_ok=True)
        add_assets(project, output)
        outputs = tuple(page.output for page in pages)
        seconds = time.monotonic() - started
        return RenderedSite(output, self.name, outputs, tuple(_warnings(messages)), seconds)

    def _run(self, project: Project, report: Report) -> list[str]:
        command = [self.program, "render", str(project.root)]
        environment = {**os.environ, RENDERING: "1"}
        messages: list[str] = []
        with subprocess.Popen(
            command,
            cwd=project.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process:
            reader = threading.Thread(target=_read, args=(process, messages, report))
            reader.start()
            try:
                process.wait()
            except BaseException:
                process.terminate()
                raise
            finally:
                reader.join()
        if process.returncode:
            raise RenderError(
                _problem(messages), hint=f"see it all with `quarto render {project.root}`"
            )
        return messages


def _read(process: subprocess.Popen[str], messages: list[str], report: Report) -> None:
    for raw in process.stderr or ():
        line = _ANSI.sub("", raw).rstrip()
        messages.append(line)
        if found := _PROGRESS.match(line):
            report(found[1])


def _problem(messages: Sequence[str]) -> str:
    start = next((n for n, line in enumerate(messages) if line.startswith("ERROR")), None)
    lines = messages[start:] if start is not None else messages[-5:]
    kept = [line for line in lines if line.strip() and not line.lstrip().startswith("at ")][:8]
    return "Quarto failed: " + "\n".join(kept).removeprefix("ERROR:").strip()


def _warnings(messages: Iterable[str]) -> Iterable[str]:
    return (found[1] for line in messages if (found := _WARNING.match(line)))
