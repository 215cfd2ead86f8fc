"""Whether a page is stale, and why: its inputs at its last run against those of today."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analysis.documents.cells import Code
from analysis.documents.document import Document
from analysis.documents.failures import Failure, digest_of, read_failure
from analysis.documents.fingerprints import Fingerprints, pattern_in_project
from analysis.documents.freeze import frozen_dir
from analysis.documents.imports import OURS, Imports, ImportScanner
from analysis.errors import DocumentError, Location
from analysis.files import write_text
from analysis.lineage import Input, Reason, reasons
from analysis.project import Project

NEVER_RUN = "never run"
UNKNOWN_INPUTS = "unknown inputs"
FAILED = "last run failed"
# Modules whose importers may read the warehouse.
_READERS = frozenset({OURS, "duckdb"})


class State(StrEnum):
    """What a page is at this moment."""

    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"
    NEVER = "never"


@dataclass(frozen=True)
class PageState:
    """The state of one page; ``failure`` is that of its last run, if it failed."""

    source: str
    state: State
    reasons: tuple[Reason, ...] = ()
    failure: Failure | None = None


def inputs_of(document: Document, imports: Imports, now: Fingerprints) -> tuple[Input, ...]:
    """Give what is known before the run that ``document`` depends on, as it is now.

    Raises
    ------
    DocumentError
        What the front matter declares under ``analysis: inputs`` are not patterns.
    ProjectError
        One of these patterns leads out of the project.
    """
    tops = {item.top for item in imports.others}
    packages = (name for top in tops for name in now.distributions.of_module(top))
    warehouse = now.project.warehouse.relative_to(now.project.root).as_posix()
    return tuple(
        sorted(
            {
                *now.around(document.source),
                *now.inputs("text", document.source),
                *now.inputs("include", *document.includes),
                *now.inputs("metadata", *document.metadata_files),
                *now.inputs("kernel", document.kernel or "python3"),
                *now.inputs("module", *imports.files),
                *now.inputs("package", *packages),
                *now.inputs("input", *_declared(document, now.project)),
                *(now.inputs("warehouse", warehouse) if tops & _READERS else ()),
            }
        )
    )


def imports_of(document: Document, scanner: ImportScanner) -> Imports:
    """Find what the cells of ``document`` import."""
    codes = [block.source for block in document.blocks if isinstance(block, Code)]
    return scanner.scan(codes, (scanner.project.root / document.source).parent)


def stale_reasons(
    project: Project, document: Document, now: Fingerprints | None = None
) -> tuple[Reason, ...]:
    """Say why the page of ``document`` must run; empty if it need not.

    The inputs of the last run are looked at again: a new one can only have come with a change of
    one of them. ``now`` shares what was looked at between pages.
    """
    if not document.has_code:
        return ()
    return _reasons(project, document.source, now or Fingerprints(project))


def state_of(project: Project, document: Document, now: Fingerprints | None = None) -> PageState:
    """Say in which state the page of ``document`` is."""
    source = document.source
    found = stale_reasons(project, document, now)
    if not found:
        return PageState(source, State.FRESH)
    if failure := read_failure(project, source):
        return PageState(source, State.FAILED, found, failure)
    never = any(reason.kind == NEVER_RUN for reason in found)
    return PageState(source, State.NEVER if never else State.STALE, found)


def write_inputs(project: Project, source: str, inputs: tuple[Input, ...]) -> None:
    """Write the inputs of a run beside its frozen result."""
    rows: dict[str, dict[str, str]] = {}
    for item in sorted(inputs):
        rows.setdefault(item.kind, {})[item.id] = item.fingerprint
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    write_text(_inputs_file(project, source), text + "\n")


def read_inputs(project: Project, source: str) -> tuple[Input, ...] | None:
    """Read the inputs of the last good run; ``None`` if they are not known."""
    try:
        rows = json.loads(_inputs_file(project, source).read_bytes())
        return tuple(Input(kind, name, rows[kind][name]) for kind in rows for name in rows[kind])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _reasons(project: Project, source: str, now: Fingerprints) -> tuple[Reason, ...]:
    result = frozen_dir(project, source) / "execute-results" / "html.json"
    if not result.is_file():
        return (Reason(NEVER_RUN, source, None, None),)
    then = read_inputs(project, source)
    if then is None:
        return (Reason(UNKNOWN_INPUTS, source, None, None),)
    here = {value for i in then for value in now.inputs(i.kind, i.id)}
    today = here | set(now.around(source))
    found = reasons(then, today)
    failure = read_failure(project, source)
    if failure and not found and failure.inputs == digest_of(today):
        return (Reason(FAILED, source, None, None),)
    return found


def _declared(document: Document, project: Project) -> list[str]:
    section = document.metadata.get("analysis")
    patterns = section.get("inputs", []) if isinstance(section, dict) else []
    if not isinstance(patterns, list) or not all(isinstance(item, str) for item in patterns):
        raise DocumentError(
            "`analysis: inputs` is not a list of file patterns",
            Location(document.source, 1),
            "write it as `inputs: [data/*.csv]`",
        )
    return [pattern_in_project(project, document.source, item) for item in patterns]


def _inputs_file(project: Project, source: str) -> Path:
    return frozen_dir(project, source) / "inputs.json"
