"""Quarto's freeze: executed results on disk, in the place and form that Quarto reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from analysis.files import write_bytes
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.documents.document import Document


@dataclass(frozen=True)
class Frozen:
    """The executed result of a document.

    Parameters
    ----------
    markdown
        The whole page, front matter first.
    figures
        Files that the Markdown shows: path relative to the page's folder, and content.
    head
        HTML for the page's ``<head>``.
    """

    markdown: str
    figures: tuple[tuple[str, bytes], ...] = ()
    head: tuple[str, ...] = ()


def files_dir(source: str) -> str:
    """Give the folder of a page's figures, relative to the page's folder."""
    return f"{PurePosixPath(source).stem}_files"


def frozen_dir(project: Project, source: str) -> Path:
    """Give the folder of a page in the freeze."""
    return project.freeze_dir / PurePosixPath(source).with_suffix("")


def frozen_figures(project: Project, source: str) -> dict[str, Path]:
    """Find the figures of a page: their paths relative to the page's folder, and on disk."""
    folder = frozen_dir(project, source) / "figure-html"
    return {
        f"{files_dir(source)}/figure-html/{path.name}": path
        for path in sorted(folder.glob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def write_stand_in(project: Project, document: Document, shown: Frozen) -> None:
    """Let Quarto show ``shown`` for a page that failed; its last good result is kept beside it.

    Quarto ignores and keeps the key ``good``; :func:`read_frozen` prefers it.
    """
    content = _read(project, document.source)
    good = content.get("good", content.get("result"))
    _write_result(project, document, {"result": _result(document, shown), "good": good})


def drop_stand_in(project: Project, document: Document) -> None:
    """Give Quarto the good result of a page again, whose failure was undone without a run."""
    if good := _read(project, document.source).get("good"):
        _write_result(project, document, {"result": good})


def write_frozen(project: Project, document: Document, frozen: Frozen) -> None:
    """Write a result; files whose content is the same stay untouched."""
    folder = frozen_dir(project, document.source)
    prefix = f"{files_dir(document.source)}/"
    figures = {folder / name.removeprefix(prefix): content for name, content in frozen.figures}
    for path, content in figures.items():
        _write(path, content)
    _write_result(project, document, {"result": _result(document, frozen)})
    for path in frozen_figures(project, document.source).values():
        if path not in figures:
            path.unlink()
    if not figures and (folder / "figure-html").is_dir():
        (folder / "figure-html").rmdir()


def read_frozen(project: Project, source: str) -> Frozen | None:
    """Read the result of ``source``; a missing or damaged one is ``None``."""
    content = _read(project, source)
    try:
        result = content["good"] if "good" in content else content["result"]
        markdown = result["markdown"]
        head = result.get("includes", {}).get("include-in-header", [])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(markdown, str) or not isinstance(head, list):
        return None
    figures = frozen_figures(project, source)
    return Frozen(
        markdown=markdown,
        figures=tuple((name, path.read_bytes()) for name, path in figures.items()),
        head=tuple(str(item) for item in head),
    )


def _read(project: Project, source: str) -> dict[str, Any]:
    try:
        content = json.loads(_result_file(project, source).read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _result(document: Document, frozen: Frozen) -> dict[str, Any]:
    return {
        "engine": "jupyter",
        "markdown": frozen.markdown,
        "supporting": [files_dir(document.source)],
        "filters": [],
        "includes": {"include-in-header": list(frozen.head)} if frozen.head else {},
    }


def _write_result(project: Project, document: Document, content: Mapping[str, Any]) -> None:
    text = json.dumps({"hash": document.quarto_hash, **content}, indent=2, ensure_ascii=False)
    _write(_result_file(project, document.source), text.encode())


def _result_file(project: Project, source: str) -> Path:
    return frozen_dir(project, source) / "execute-results" / "html.json"


def _write(path: Path, content: bytes) -> None:
    if not (path.is_file() and path.read_bytes() == content):
        write_bytes(path, content)
