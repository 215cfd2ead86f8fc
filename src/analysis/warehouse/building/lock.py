"""``data/sources.lock``: the checksums of all sources, so that none changes without notice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.errors import Location, ProjectError, Remark, SourceError
from analysis.files import write_text
from analysis.project import Project
from analysis.project.project import read_text
from analysis.warehouse.declared.sources import Sources

LOCK = "data/sources.lock"
# By source: what its data lie in, and the first 32 hex digits of the SHA-256 of their content.
Checksums = Mapping[str, Mapping[str, str]]


def read_lock(project: Project) -> Checksums:
    """Read the checksums; without a file there are none.

    Raises
    ------
    ProjectError
        The file is damaged.
    """
    path = project.root / LOCK
    if not path.is_file():
        return {}
    try:
        found = json.loads(read_text(path, LOCK))
        return {str(name): dict(files) for name, files in found.items()}
    except (ValueError, AttributeError, TypeError):
        raise ProjectError(
            "this file does not hold checksums any more",
            Location(LOCK),
            "take it back from git, or delete it and run `analysis ingest --accept`",
        ) from None


def write_lock(project: Project, now: Checksums) -> None:
    """Write the checksums if they are others, sorted, in one rename."""
    path: Path = project.root / LOCK
    text = json.dumps(now, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)


def check_lock(sources: Sources, then: Checksums, now: Checksums) -> tuple[Remark, ...]:
    """Compare the checksums with the locked ones.

    Gives what is to be warned of: sources that changed, and have not said how often they do.

    Raises
    ------
    SourceError
        A source that is declared ``update: fixed`` changed.
    """
    warnings = []
    for name, source in sources.by_name.items():
        if name not in then or not (changed := list(_changed(then[name], now[name]))):
            continue
        told = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if changed[5:] else "")
        if source.is_fixed:
            raise SourceError(
                f"the source `{name}` is declared `update: fixed`, but it changed: {told}",
                sources.where(name, "update"),
                "restore it, or run `analysis ingest --accept` if the change is right",
            )
        if source.update is None:
            what = f"the source `{name}` changed: {told}"
            warnings.append(Remark(what, sources.where(name)))
    return tuple(warnings)


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for label in sorted(then.keys() | now.keys()):
        if label not in now:
            yield f"{label} is gone"
        elif label not in then:
            yield f"{label} is new"
        elif then[label] != now[label]:
            yield f"{label} has other content"
