"""Whether a page is stale, and why: its inputs at its last good run against those of today."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from analysis.documents.declared import seconds
from analysis.documents.failures import Failure, read_failure
from analysis.documents.fingerprints import Fingerprints
from analysis.documents.inputsfile import read_inputs
from analysis.files import digest
from analysis.lineage import Inputs, Reason, Value, difference

if TYPE_CHECKING:
    from analysis.documents.document import Document

NEVER_RUN = "never run"
UNKNOWN_INPUTS = "unknown inputs"
FAILED = "last run failed"
FORCED = "forced"
MAX_AGE = "max-age"
# Without one of these a document has no cell, no inline expression and nothing that brings one.
_CODE = re.compile(rb"`\s*\{|~~~+\s*\{|\{\{<\s*include")


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


def known_inputs(document: Document, now: Fingerprints) -> Inputs:
    """Give what is known before the run that ``document`` depends on, as it is now."""

    def values(kind: str, *names: str) -> Mapping[str, Value]:
        return {name: now.of(kind, name, document.source) for name in names}

    age = document.declared.max_age
    around = now.around(document.source)
    return {
        **around,
        "text": {document.source: digest(document.text.encode())},
        "include": values("include", *document.includes),
        "metadata": {**around["metadata"], **values("metadata", *document.metadata_files)},
        "kernel": values("kernel", document.kernel or "python3"),
        "input": values("input", *document.declared.inputs),
        MAX_AGE: {age: age} if age else {},
    }


def stale_reasons(now: Fingerprints, source: str) -> tuple[Reason, ...]:
    """Say why the page of ``source``, a document with code, must run; empty if it need not.

    The inputs of the last good run are looked at again: a new one can only have come with a
    change of one of them.
    """
    result = f"{now.project.freeze_dir}/{source.rpartition('.')[0]}/execute-results/html.json"
    if not os.path.isfile(result):  # noqa: PTH113
        return (Reason(NEVER_RUN, source),)
    then = read_inputs(now.project, source)
    if then is None:
        return (Reason(UNKNOWN_INPUTS, source),)
    found = [*_changes(then, now, source), *_overdue(then, now, source)]
    failure = None if found else read_failure(now.project, source)
    if failure and failure.unprovoked:
        return (Reason(FAILED, source),)
    return tuple(sorted(found, key=lambda reason: (reason.kind, reason.id)))


def state_of(now: Fingerprints, source: str) -> PageState:
    """Say in which state the page of ``source`` is.

    Raises
    ------
    AnalysisError
        It is not fresh, and its document cannot be read.
    """
    found = stale_reasons(now, source)
    if not found or not _has_code(now, source):
        return PageState(source, State.FRESH)
    if failure := read_failure(now.project, source):
        return PageState(source, State.FAILED, found, failure)
    never = any(reason.kind == NEVER_RUN for reason in found)
    return PageState(source, State.NEVER if never else State.STALE, found)


def _changes(then: Inputs, now: Fingerprints, source: str) -> Iterator[Reason]:
    for kind, rows in then.items():
        for name, value in rows.items():
            today = now.of(kind, name, source)
            if today != value:
                yield difference(kind, name, value, today)
    for kind, rows in now.around(source).items():
        for name in rows.keys() - then.get(kind, {}).keys():
            yield difference(kind, name, None, rows[name])


def _overdue(then: Inputs, now: Fingerprints, source: str) -> Iterator[Reason]:
    for age in then.get(MAX_AGE, ()):
        last = now.history.get(source)
        if last is None or last.ended + seconds(age) < now.time:
            yield Reason(MAX_AGE, age, _moment(last.ended) if last else None, _moment(now.time))


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="seconds")


def _has_code(now: Fingerprints, source: str) -> bool:
    if not source.endswith(".ipynb"):
        try:
            if not _CODE.search((now.project.root / source).read_bytes()):
                return False
        except OSError:
            pass  # the reader tells it better
    from analysis.documents.document import read_document

    return read_document(now.project, source).has_code
