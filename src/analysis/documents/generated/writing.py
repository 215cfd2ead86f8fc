"""Generated pages on disk: written where their text changed, removed where their row is gone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from analysis.documents.failures import forget_failure
from analysis.documents.freeze import frozen_dir
from analysis.documents.generated.existing import generated_pages, marker_of
from analysis.documents.generated.template import Template
from analysis.documents.inputsfile import NAME
from analysis.errors import DocumentError
from analysis.files import write_text
from analysis.project import Project
from analysis.project.project import DOCUMENT_SUFFIXES


@dataclass(frozen=True)
class Written:
    """What became of the generated pages, by path."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def write_pages(
    project: Project, templates: tuple[Template, ...], planned: Mapping[str, Mapping[str, str]]
) -> Written:
    """Write the pages of all templates, by template and path; remove those that are no more.

    The caller holds the project's lock. Nothing is touched where something is forbidden.

    Raises
    ------
    DocumentError
        A page would take the place of a document that somebody wrote, or of another template's.
    """
    pages: dict[str, str] = {}
    for template in templates:
        for path, text in planned[template.source].items():
            _check_free(project, template, path, pages)
            pages[path] = text
    old = generated_pages(project)
    removed = tuple(sorted(old.keys() - pages.keys()))
    for path in removed:
        _remove(project, path)
    new, changed = [], []
    for path, text in sorted(pages.items()):
        if path not in old:
            new.append(path)
        elif (project.root / path).read_bytes() == text.encode():
            continue
        else:
            changed.append(path)
        write_text(project.root / path, text)
    return Written(tuple(new), tuple(changed), removed)


def _check_free(project: Project, template: Template, path: str, taken: Mapping[str, str]) -> None:
    if path in taken:
        what, hint = f"another template makes the page {path} too", "keep one of them"
    elif not project.renders(path):
        what = f"the page {path} would not be published: `project: render` leaves it out"
        hint = "add its folder to `project: render` in _quarto.yml"
    elif hand_written := _hand_written(project, path):
        what = f"the page {path} would take the place of {hand_written}, which was not generated"
        hint = "rename that document, or give the row another name"
    else:
        return
    raise DocumentError(what, template.where, hint)


def _hand_written(project: Project, path: str) -> str | None:
    """Name the document that has the same address as ``path``, or lies there."""
    stem = PurePosixPath(path).with_suffix("")
    for suffix in DOCUMENT_SUFFIXES:
        other = f"{stem}{suffix}"
        there = project.root / other
        if (there.exists() or there.is_symlink()) and not marker_of(project, other):
            return other
    return None


def _remove(project: Project, path: str) -> None:
    """Remove a page and its result; what other pages have frozen below its name stays."""
    folder = frozen_dir(project, path)
    for name in ("execute-results", "figure-html"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / NAME).unlink(missing_ok=True)
    _remove_empty(folder, project.freeze_dir)
    forget_failure(project, path)
    (project.root / path).unlink(missing_ok=True)


def _remove_empty(folder: Path, stop: Path) -> None:
    while folder != stop and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
