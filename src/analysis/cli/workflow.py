"""Bring a project up to date: its warehouse, then the results of its pages."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.console import Stage, describe, passing, stage, warn
from analysis.errors import AnalysisError, ExitCode, LockedError, ProjectError
from analysis.files import project_lock, remove_leftovers
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.documents.document import Document
    from analysis.documents.events import Event
    from analysis.documents.outcomes import RunOptions, RunResult
    from analysis.warehouse.ingest import IngestOptions
    from analysis.warehouse.snapshots.snapshot import Snapshot


@contextlib.contextmanager
def locked(project: Project, *, wait: bool = True) -> Iterator[None]:
    """Keep other runs away from the project.

    One that is going on is waited for, and named on a terminal.

    Raises
    ------
    LockedError
        There is one, and ``wait`` is false.
    """
    path = project.work_dir / "lock"
    with contextlib.ExitStack() as stack:
        try:
            died = stack.enter_context(project_lock(path, wait=False))
        except LockedError as held:
            if not wait:
                raise
            if sys.stderr.isatty():
                print(f"waiting: {held.what}", file=sys.stderr, flush=True)
            died = stack.enter_context(project_lock(path))
        if died:
            remove_leftovers(project.work_dir)
            remove_leftovers(project.freeze_dir)
        yield


def refresh_warehouse(project: Project, options: IngestOptions | None = None) -> bool:
    """Build the warehouse if something changed; say whether it did."""
    from analysis.warehouse.ingest import IngestOptions, ingest

    start = os.times().elapsed
    with passing() as show:
        result = ingest(project, options or IngestOptions(), show)
    for remark in result.warnings:
        warn(remark.where, remark.what)
    if result.changed:
        rows = sum(source.rows for source in result.sources)
        rejected = sum(source.rejected for source in result.sources)
        aside = f" ({rejected:,} set aside)" if rejected else ""
        built = f"{len(result.sources)} sources, {rows:,} rows{aside}, {len(result.views)} views"
        print(f"built    warehouse: {built} ({os.times().elapsed - start:.1f} s)", flush=True)
    return result.changed


def refresh_models(project: Project) -> None:
    """Bring in what is told of models on a board elsewhere; pages read only what is here.

    Where it cannot be reached, pages see models as they were, which a warning says.
    """
    from analysis.errors import ModelError
    from analysis.project.settings import MODELS_FOLDER, read_settings

    if read_settings(project.root).models == MODELS_FOLDER:
        return
    from analysis.models.registry.registry import open_registry

    try:
        open_registry(project)
    except ModelError as error:
        warn(error.where, f"{error.what}; pages see models as they last were here")


def seeing(project: Project, snapshot: str | None) -> Project:
    """Give the project as it is with the ``snapshot`` in the place of its warehouse.

    Raises
    ------
    SnapshotError
        There is no such snapshot, or it is damaged.
    """
    if snapshot is None:
        return project
    from analysis.warehouse.snapshots.snapshot import find_snapshot, verify

    found = find_snapshot(project, snapshot)
    verify(project, found)
    warn_of_changed_files(project, found)
    return replace(project, snapshot=found.id)


def warn_of_changed_files(project: Project, snapshot: Snapshot) -> None:
    """Name the files that the snapshot scans where they lie, if they are no longer as then."""
    from analysis.warehouse.snapshots.outside import changed_since

    for name in changed_since(project, snapshot):
        warn(None, f"{name} is missing or changed since the snapshot {snapshot.id} was taken")


def choose(project: Project, names: Sequence[str], cwd: Path | None = None) -> tuple[str, ...]:
    """Turn the names of documents and folders, relative to ``cwd`` or the root, into documents.

    Raises
    ------
    ProjectError
        A name fits no document of the project.
    """
    if not names:
        return project.documents
    chosen: set[str] = set()
    for name in names:
        found = _named(project, name, cwd or Path.cwd())
        if not found:
            close = difflib.get_close_matches(name, project.documents, n=1)
            raise ProjectError(
                f"there is no document `{name}` in this project",
                hint=f"did you mean `{close[0]}`?" if close else "`analysis status` lists them",
            )
        chosen.update(found)
    return tuple(source for source in project.documents if source in chosen)


def _named(project: Project, name: str, cwd: Path) -> set[str]:
    found = set()
    for base in (cwd.resolve(), project.root):
        path = Path(os.path.normpath(base / name))
        if path == project.root:
            return set(project.documents)
        with contextlib.suppress(ValueError):
            wanted = path.relative_to(project.root).as_posix()
            found |= {d for d in project.documents if d == wanted or d.startswith(f"{wanted}/")}
            found |= {d for d in project.documents if Path(d).with_suffix("").as_posix() == wanted}
            if wanted in project.hidden_documents:
                found |= _made_from(project, wanted)
    return found


def _made_from(project: Project, template: str) -> set[str]:
    from analysis.documents.generated.existing import generated_pages

    pages = generated_pages(project)
    return {page for page, marker in pages.items() if marker.template == template}


def read_documents(project: Project, sources: Sequence[str]) -> list[Document]:
    """Read documents and print their warnings.

    Raises
    ------
    AnalysisError
        One cannot be read. Where there are several, all but the last are printed.
    """
    from analysis.documents.document import read_document
    from analysis.documents.generated.existing import marker_of
    from analysis.documents.generated.marker import with_origin

    documents, errors = [], []
    for source in sources:
        try:
            documents.append(read_document(project, source))
        except AnalysisError as error:
            errors.append(with_origin(error, marker_of(project, source)))
    for earlier in errors[:-1]:
        print(describe(earlier), file=sys.stderr)
    if errors:
        raise errors[-1]
    for document in documents:
        for where, message in document.warnings:
            warn(where, message)
    return documents


def run_pages(project: Project, documents: Sequence[Document], options: RunOptions) -> RunResult:
    """Run the stale pages and show how it goes."""
    from analysis.documents.run import run

    with contextlib.ExitStack() as stack:
        return run(project, documents, options, _Reporter(stack).report)


class _Reporter:
    """Shows the events of a run; a stage opens when the number of pages in a wave is known."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._stage: Stage | None = None

    def report(self, event: Event) -> None:
        from analysis.documents.events import PageDone, PageFailed, PageStarted, RunPlanned

        if isinstance(event, RunPlanned):
            self._stack.close()  # that of an earlier wave
            self._stage = self._stack.enter_context(
                stage("running", len(event.pages), seconds=event.seconds)
            )
        elif self._stage is None:
            return  # a page that was given up before the run; the summary names it
        elif isinstance(event, PageStarted):
            self._stage.started(event.source)
        elif isinstance(event, PageDone):
            self._stage.finished(event.source, "ran", event.seconds)
        elif isinstance(event, PageFailed):
            self._stage.failed(event.source, event.error.what)


def summarize(result: RunResult) -> ExitCode:
    """Print what failed, and give the exit code of the run."""
    for outcome in result.failed:
        if outcome.error:
            print(describe(outcome.error), file=sys.stderr)
    return ExitCode.SOME_FAILED if result.failed else ExitCode.DONE
