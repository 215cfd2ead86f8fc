"""What goes into the rendering of a page's content, and what comes out."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import Location


@dataclass(frozen=True)
class BodyContext:
    """What a page's content needs to know of the project.

    Parameters
    ----------
    root
        The project's folder: bibliographies, styles and images are looked up below it.
    outputs
        The path in the site of each document, by the document's path, both POSIX and relative
        to the root of project and site.
    variables
        What ``{{< var >}}`` gives: the content of ``_variables.yml``.
    profiles
        The active Quarto profiles.
    environment
        What ``{{< env >}}`` gives.
    today
        What ``date: today`` means.
    """

    root: Path
    outputs: Mapping[str, str]
    variables: Mapping[str, object] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    today: datetime.date = field(default_factory=datetime.date.today)


@dataclass(frozen=True)
class TocEntry:
    """One line of a table of contents; ``html`` is the heading's inline content."""

    id: str
    html: str
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True)
class Body:
    """The content of a page and what the page around it shows of it.

    Parameters
    ----------
    content
        HTML of ``<main>`` after the title block, references and footnotes included.
    title, subtitle, description
        Inline HTML, empty where not given.
    abstract
        Block HTML, empty where not given.
    plain_title
        The title as text.
    authors, date, date_iso, categories
        As shown; ``date_iso`` is ``YYYY-MM-DD``.
    toc
        The headings, as deep as ``toc-depth`` says; empty with ``toc: false``.
    classes
        Classes that ``<main>`` needs besides ``content``.
    resources
        Project files that the page needs in the site, relative to the root.
    missing
        Files that the page names and that are not there, relative to the root.
    links
        Internal targets of links: a path in the site, with ``#anchor`` where there is one.
    features
        What the page needs from scripts or styles: ``mermaid``, ``chart``, ``math``.
    warnings
        What is unsupported or missing, and where.
    """

    content: str
    title: str = ""
    subtitle: str = ""
    description: str = ""
    abstract: str = ""
    plain_title: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None
    date_iso: str | None = None
    categories: tuple[str, ...] = ()
    toc: tuple[TocEntry, ...] = ()
    classes: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()
    warnings: tuple[tuple[Location, str], ...] = ()
