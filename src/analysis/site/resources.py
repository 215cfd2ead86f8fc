"""Files that belong to the site besides its pages: pictures, styles, downloads."""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from analysis.documents.page import Page
from analysis.errors import RenderError
from analysis.project import Project
from analysis.project.globs import matches
from analysis.site.config import SiteConfig
from analysis.site.navitems import NavItem
from analysis.site.options import html_option


def page_styles(page: Page, config: SiteConfig, root: Path) -> tuple[str, ...]:
    """Give the style sheets of a page, relative to the root; the site's come first.

    A name in front matter is relative to the page.
    """
    own = html_option(page.metadata, "css") or ()
    folder = PurePosixPath(page.source).parent.as_posix()
    names = list(config.css)
    for name in [own] if isinstance(own, str) else own:
        beside = posixpath.normpath(posixpath.join(folder, str(name)))
        names.append(beside if (root / beside).is_file() else str(name).lstrip("/"))
    return tuple(dict.fromkeys(names))


def declared(project: Project, config: SiteConfig) -> Iterator[str]:
    """Give the files that the configuration names, relative to the root."""
    yield from config.css
    yield from filter(None, (config.favicon, config.navbar and config.navbar.logo))
    yield from filter(None, (sidebar.logo for sidebar in config.sidebars))
    yield from (
        item.href for item in navigation_items(config) if item.href and _is_file(project, item.href)
    )
    yield from _matching(project, config.resources)
    if (project.root / "robots.txt").is_file():
        yield "robots.txt"


def copy_files(files: Mapping[str, Path], output: Path) -> list[str]:
    """Copy each file to its place in the site; name those that are missing.

    Raises
    ------
    RenderError
        A file would land outside of the site.
    """
    missing = []
    for name, path in files.items():
        target = Path(posixpath.normpath(output / name))
        if output not in target.parents:
            raise RenderError(
                f"`{name}` lies outside the project",
                hint="a page shows only files below the folder of _quarto.yml",
            )
        if not path.is_file():
            missing.append(name)
        elif not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return missing


def navigation_items(config: SiteConfig) -> Iterator[NavItem]:
    """Give every item of the site's navigation, nested ones too."""
    tops: list[NavItem] = []
    if config.navbar:
        tops += (*config.navbar.left, *config.navbar.right, *config.navbar.tools)
    for sidebar in config.sidebars:
        tops += sidebar.contents
    for part in (config.footer.left, config.footer.center, config.footer.right):
        tops += part if isinstance(part, tuple) else ()
    for item in tops:
        yield from item.walk()


def _is_file(project: Project, href: str) -> bool:
    return "://" not in href and (project.root / href).is_file()


def _matching(project: Project, patterns: Iterable[str]) -> Iterator[str]:
    wanted = list(patterns)
    for index, pattern in enumerate(wanted):
        project.inside(pattern.lstrip("!/") or ".", "project", "resources", index)
    if not wanted:
        return
    made = (project.output_dir, project.published_dir)
    for folder, names, files in os.walk(project.root):
        here = Path(folder)
        names[:] = sorted(n for n in names if n[0] not in "._" and here / n not in made)
        for name in sorted(files):
            path = (here / name).relative_to(project.root).as_posix()
            if name[0] != "." and matches(path, wanted):
                yield path
