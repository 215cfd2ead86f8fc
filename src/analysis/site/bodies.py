"""The bodies of all pages, in parallel; what was rendered before from the same is taken again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from analysis.documents.page import Page
from analysis.files import write_bytes
from analysis.project import Project
from analysis.site.body import Body, BodyContext, render_body
from analysis.site.identity import PageKeys
from analysis.site.renderer import Report

_BODY = TypeAdapter(Body)


def render_bodies(
    project: Project, pages: Sequence[Page], keys: PageKeys, jobs: int, report: Report
) -> list[Body]:
    """Render the bodies of ``pages``, in their order.

    Raises
    ------
    DocumentError, RenderError
        A page cannot be rendered.
    """
    folder = project.work_dir / "bodies"
    paths = [folder / f"{keys.key(page)}.json" for page in pages]

    def render(page: Page, path: Path) -> Body:
        body = _read(path) or _render(page, path, keys.context)
        report(page.source)
        return body

    # Threads suffice: most of the time goes to pandoc, which is a process of its own.
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        bodies = list(pool.map(render, pages, paths))
    _forget_others(folder, {path.name for path in paths})
    return bodies


def _read(path: Path) -> Body | None:
    try:
        return _BODY.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _render(page: Page, path: Path, context: BodyContext) -> Body:
    body = render_body(page, context)
    # What is missing now may be there the next time.
    if not body.missing:
        write_bytes(path, _BODY.dump_json(body))
    return body


def _forget_others(folder: Path, names: set[str]) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in names:
                path.unlink(missing_ok=True)
