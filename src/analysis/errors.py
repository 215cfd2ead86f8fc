"""The one error base, its kinds, and the exit codes they lead to.

Every kind carries data: what failed, where, and what to do next. Only ``cli`` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the scheduler."""

    DONE = 0
    SOME_FAILED = 1
    MISTAKE = 2
    NOTHING_RELEASED = 3
    INTERRUPTED = 130


@dataclass(frozen=True)
class Location:
    """A place in a project file; ``path`` is relative to the project root."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        """Write the place as ``path:line``."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class Remark:
    """Something that a user should know and that stops nothing: what, and the place to look at."""

    what: str
    where: Location | None = None

    def __str__(self) -> str:
        """Write the remark on one line."""
        return f"{self.where}: {self.what}" if self.where else self.what


class AnalysisError(Exception):
    """Something a user can understand and mend.

    Parameters
    ----------
    what
        One sentence: what failed.
    where
        The file and line to look at.
    hint
        One sentence: what to do next.
    """

    exit_code = ExitCode.MISTAKE

    def __init__(self, what: str, where: Location | None = None, hint: str | None = None) -> None:
        super().__init__(what, where, hint)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Write the error on one line, the hint after it."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f"\n  {self.hint}" if self.hint else "")


class ProjectError(AnalysisError):
    """A project file, or the call itself, is wrong."""


class SourceError(AnalysisError):
    """A source of raw data is missing, damaged, or not what was declared."""


class SnapshotError(AnalysisError):
    """A snapshot or a backup is missing, damaged, or cannot be made."""


class ViewError(AnalysisError):
    """A SQL view cannot be created."""


class DatasetError(AnalysisError):
    """Views do not make a dataset, a check of one failed, or it cannot be read or written."""


class ExperimentError(AnalysisError):
    """An experiment, or a run of one, is missing, damaged, or cannot be run."""


class ModelError(AnalysisError):
    """A model, or a version of one, is missing, damaged, or cannot be used so."""


class DocumentError(AnalysisError):
    """A document cannot be read: front matter, options, includes, cells."""


class CellError(AnalysisError):
    """A cell raised, died, or ran out of time. ``traceback`` goes to the log only."""

    exit_code = ExitCode.SOME_FAILED

    def __init__(
        self,
        what: str,
        where: Location | None = None,
        hint: str | None = None,
        traceback: str = "",
    ) -> None:
        super().__init__(what, where, hint)
        self.traceback = traceback

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the traceback when the error crosses a process border."""
        return type(self), (self.what, self.where, self.hint, self.traceback)


class RenderError(AnalysisError):
    """The site could not be rendered."""

    exit_code = ExitCode.NOTHING_RELEASED


class ReleaseError(AnalysisError):
    """A rendered site could not be released; the current release stays."""

    exit_code = ExitCode.NOTHING_RELEASED


class LockedError(AnalysisError):
    """Another run holds the project's lock."""
