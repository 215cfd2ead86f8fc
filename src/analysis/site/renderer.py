"""The seam between pages and the site: whatever renders pages fulfils this protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from analysis.documents.page import Page
from analysis.project import Project

Report = Callable[[str], None]


def silent(source: str) -> None:
    """Report nothing."""


@dataclass(frozen=True)
class RenderedSite:
    """What a renderer made: pages and other files relative to ``folder``.

    ``reads`` holds the fingerprint of each project file and folder that the rendering read, where
    the renderer can tell.
    """

    folder: Path
    renderer: str
    pages: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: float
    reads: Mapping[str, str] = field(default_factory=dict)


class Renderer(Protocol):
    """Turn executed pages into a site."""

    name: str

    def identity(self, project: Project, pages: Sequence[Page]) -> str | None:
        """Fingerprint all that decides the site but the files that rendering reads.

        ``None`` where the renderer cannot tell: then it must always render.
        """
        ...

    def render(
        self,
        project: Project,
        pages: Sequence[Page],
        output: Path,
        *,
        jobs: int = 1,
        report: Report = silent,
    ) -> RenderedSite:
        """Write the whole site into the empty folder ``output``.

        ``report`` is told each document that is done, from any thread.

        Raises
        ------
        ProjectError
            A project file is wrong: navigation, listings, two pages at one path.
        RenderError
            A page could not be rendered.
        """
        ...
