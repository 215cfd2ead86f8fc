"""From executed pages to a released site, by Quarto or by the embedded renderer."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.console import stage, warn
from analysis.cli.generating import with_generated_pages
from analysis.cli.monitor.publishing import refresh_monitoring
from analysis.cli.releasing import release
from analysis.cli.workflow import (
    read_documents,
    refresh_models,
    refresh_warehouse,
    run_pages,
    summarize,
)
from analysis.errors import ExitCode, ProjectError, ReleaseError
from analysis.files import digest
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.documents.document import Document
    from analysis.documents.outcomes import RunOptions, RunResult
    from analysis.documents.page import Page
    from analysis.site.manifest import Manifest
    from analysis.site.renderer import RenderedSite, Renderer


@dataclass(frozen=True)
class Target:
    """Where a site goes: plainly into ``output``, else into a release, else where Quarto writes."""

    output: Path | None
    release: bool


RELEASED = Target(None, release=True)


@dataclass(frozen=True)
class Published:
    """What became of a site; ``place`` is the folder in which it is."""

    place: Path
    pages: int
    ran: int
    exit_code: ExitCode


def refresh(project: Project, options: RunOptions) -> tuple[Project, list[Document], RunResult]:
    """Bring the warehouse, monitoring and all pages up to date; a snapshot stays as it is.

    Gives the project as it is then: pages may have been generated.
    """
    if project.has_sources and not project.snapshot:
        refresh_warehouse(project)
    refresh_models(project)
    if not project.snapshot:
        refresh_monitoring(project)
    project = with_generated_pages(project)
    documents = read_documents(project, project.documents)
    return project, documents, run_pages(project, documents, options)


def publish_site(
    project: Project, options: RunOptions, renderer_name: str, target: Target
) -> Published:
    """Refresh, render and release; a page that failed is published under a banner."""
    from analysis.site.release import staging_folder

    renderer = _renderer(renderer_name)
    project, documents, result = refresh(project, options)
    pages = [page_of(project, document) for document in documents]
    if renderer.name == "quarto":
        _freeze_for_quarto(project, documents, result)
    identity = renderer.identity(project, pages)
    place = _current_place(project, identity) if target == RELEASED else None
    if place is None:
        with (
            staging_folder(project) as staging,
            stage("rendering", len(pages), lines=False) as progress,
        ):
            rendered = renderer.render(
                project,
                pages,
                staging,
                jobs=options.jobs,
                report=lambda source: progress.finished(source, "rendered", 0.0),
            )
            _warn_all(rendered.warnings)
            manifest = _manifest(project, rendered, pages, result, identity)
            place = _put(project, staging, manifest, target)
    return Published(place, len(pages), len(result.ran), summarize(result))


def _current_place(project: Project, identity: str | None) -> Path | None:
    """Give the current release if it was made from the same; it would become the same."""
    from analysis.site.identity import reads_are_the_same
    from analysis.site.release import current

    try:
        found = current(project)
    except ReleaseError:  # a damaged record costs a rendering, and no more
        return None
    if identity is None or found is None or found.manifest.identity != identity:
        return None
    if not reads_are_the_same(project.root, found.manifest.reads):
        return None
    _warn_all(found.manifest.warnings)
    return project.published_dir / "current"


def _warn_all(messages: Sequence[str]) -> None:
    for message in messages:
        warn(None, message)


def page_of(project: Project, document: Document) -> Page:
    """Give the page of a document: its result, and a banner on it if the last run failed."""
    from analysis.documents.failures import read_failure
    from analysis.documents.freeze import read_frozen
    from analysis.documents.pages import to_page
    from analysis.documents.standin import stand_in

    if not document.has_code:
        return to_page(project, document, None)
    frozen = read_frozen(project, document.source)
    if failure := read_failure(project, document.source):
        frozen = stand_in(document, frozen, failure.since)
    return to_page(project, document, frozen)


def prepare_for_quarto(project: Project, options: RunOptions) -> None:
    """Do what must be done before Quarto renders: then it has a result for every page."""
    project, documents, result = refresh(project, options)
    for document in documents:
        page_of(project, document)
    _freeze_for_quarto(project, documents, result)
    summarize(result)


def release_quarto_output(project: Project) -> None:
    """Release what Quarto has rendered into its output folder."""
    from analysis.site.quarto import add_assets
    from analysis.site.release import staging_folder
    from analysis.site.renderer import RenderedSite

    documents = read_documents(project, project.documents)
    pages = [page_of(project, document) for document in documents]
    with staging_folder(project) as staging:
        shutil.copytree(project.output_dir, staging, dirs_exist_ok=True)
        add_assets(project, staging)
        outputs = tuple(page.output for page in pages)
        rendered = RenderedSite(staging, "quarto", outputs, (), 0.0)
        manifest = _manifest(project, rendered, pages, None, None)
        place = _put(project, staging, manifest, RELEASED)
    print(f"{shown(place / 'index.html')}: {len(pages)} pages")


def _renderer(name: str) -> Renderer:
    from analysis.site.embedded import EmbeddedRenderer
    from analysis.site.quarto import QuartoRenderer, find_quarto

    program = find_quarto() if name != "embedded" else None
    if name == "quarto" and program is None:
        raise ProjectError(
            "there is no `quarto` on the PATH",
            hint="install the extra `analysis[quarto]`, or use `--renderer embedded`",
        )
    return QuartoRenderer(program) if program else EmbeddedRenderer()


def _freeze_for_quarto(project: Project, documents: Sequence[Document], result: RunResult) -> None:
    """Give Quarto, which cannot be told of failures, a result for each failed page."""
    from analysis.documents.failures import read_failure
    from analysis.documents.freeze import read_frozen, write_stand_in
    from analysis.documents.standin import stand_in

    failed = {outcome.source for outcome in result.failed}
    for document in documents:
        if document.source in failed and (failure := read_failure(project, document.source)):
            good = read_frozen(project, document.source)
            write_stand_in(project, document, stand_in(document, good, failure.since))


def _put(project: Project, staging: Path, manifest: Manifest, target: Target) -> Path:
    """Bring the site to its target, and give the folder in which it is then."""
    from analysis.site.plain import replace_site, write_plain

    if target.output:
        write_plain(staging, target.output)
        return target.output
    if target.release:
        release(project, staging, manifest)
        return project.published_dir / "current"
    replace_site(project.output_dir, staging)
    return project.output_dir


def _manifest(
    project: Project,
    rendered: RenderedSite,
    pages: Sequence[Page],
    result: RunResult | None,
    identity: str | None,
) -> Manifest:
    from analysis.documents.failures import read_failure, read_log
    from analysis.project.git import git_commit
    from analysis.site.manifest import Failure, Manifest, PublishedPage

    seconds = {o.source: round(o.seconds, 3) for o in result.ran} if result else {}
    failed = [(page.source, read_failure(project, page.source)) for page in pages]
    return Manifest(
        renderer=rendered.renderer,
        pages=tuple(
            PublishedPage(
                page.source, page.output, digest(page.markdown.encode()), seconds.get(page.source)
            )
            for page in pages
        ),
        failures=tuple(
            Failure(source, f.what, f.where, read_log(project, source)) for source, f in failed if f
        ),
        warnings=rendered.warnings,
        seconds=round(rendered.seconds, 3),
        commit=git_commit(project.root),
        identity=identity,
        reads=rendered.reads,
    )


def shown(path: Path) -> str:
    """Write a path as short as a reader of the terminal can use it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
