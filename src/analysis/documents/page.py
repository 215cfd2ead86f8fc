"""A page ready for a renderer: Markdown with its results, and the files that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any


@dataclass(frozen=True)
class Page:
    """What a document became.

    Parameters
    ----------
    source
        The document, POSIX, relative to the project root: ``chapters/weather.qmd``.
    markdown
        The whole text after execution and includes, front matter first. Figures are linked
        relative to the page: ``weather_files/figure-html/fig-wind-output-1.png``.
    metadata
        Front matter over ``_metadata.yml`` files over ``_quarto.yml``, merged as Quarto does.
    figures
        Where each file that the execution made lies on disk, by its path in the site.
    head
        HTML for the page's ``<head>`` that the outputs need, such as the script of charts.
    """

    source: str
    markdown: str
    metadata: Mapping[str, Any]
    figures: Mapping[str, Path] = field(default_factory=dict)
    head: tuple[str, ...] = ()

    @property
    def output(self) -> str:
        """Give the page's path in the site: ``chapters/weather.html``."""
        return output_of(self.source, self.metadata)


def output_of(source: str, metadata: Mapping[str, Any]) -> str:
    """Give the path in the site of the page that the document at ``source`` becomes."""
    chosen = metadata.get("output-file")
    path = PurePosixPath(source)
    name = str(chosen).removesuffix(".html") + ".html" if chosen else path.stem + ".html"
    return path.with_name(name).as_posix()
