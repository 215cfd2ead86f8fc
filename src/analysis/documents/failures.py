"""What is remembered of pages that failed; it lies outside the freeze, whose good result stays."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.files import write_text
from analysis.project import Project


@dataclass(frozen=True)
class Failure:
    """Why a page failed.

    ``where`` is ``path:line``; ``since`` the time of the first failure after a good run, in UTC;
    ``unprovoked`` says that nothing had changed: with the same inputs the page once ran well.
    """

    what: str
    where: str
    hint: str
    since: str
    unprovoked: bool


def read_failure(project: Project, source: str) -> Failure | None:
    """Read what is remembered; ``None`` if the last run of the page was good."""
    try:
        return Failure(**json.loads(_record(project, source).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def remember_failure(
    project: Project, source: str, error: AnalysisError, traceback: str, *, unprovoked: bool
) -> Failure:
    """Keep the failure for later commands, and its traceback in the log."""
    before = read_failure(project, source)
    failure = Failure(
        what=error.what,
        where=str(error.where or source),
        hint=error.hint or "",
        since=before.since if before else datetime.now(UTC).isoformat(timespec="seconds"),
        unprovoked=unprovoked,
    )
    write_text(_record(project, source), json.dumps(asdict(failure), indent=2) + "\n")
    write_text(log_file(project, source), f"{error}\n\n{traceback}".rstrip() + "\n")
    return failure


def forget_failure(project: Project, source: str) -> None:
    """Forget it, after a good run."""
    _record(project, source).unlink(missing_ok=True)
    log_file(project, source).unlink(missing_ok=True)


def log_file(project: Project, source: str) -> Path:
    """Say where the traceback of a page lies."""
    return project.work_dir / "logs" / f"{source}.log"


def read_log(project: Project, source: str) -> str:
    """Read the log of a page's last failure, which ends with the traceback."""
    path = log_file(project, source)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _record(project: Project, source: str) -> Path:
    return project.work_dir / "failures" / f"{source}.json"
