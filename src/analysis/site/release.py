"""Releases: whole sites under ``published/releases``, and ``current``, which names one of them.

Their manifests lie beside them, in ``published/manifests``: what failed is not for readers.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError
from analysis.files import digest_file, fresh_folder, replace_link, write_text
from analysis.project import Project
from analysis.site.manifest import Manifest, read_manifest

KEEP = 10
_CURRENT = "current"
_TRASH = ".trash-"


@dataclass(frozen=True)
class Release:
    """One published site. ``id`` is its time and a hash of its content, and sorts by time."""

    id: str
    folder: Path
    manifest: Manifest


@contextlib.contextmanager
def staging_folder(project: Project) -> Iterator[Path]:
    """Give an empty folder on the same disk as the releases; what killed runs left is removed.

    Call it while holding the project's lock.
    """
    parent = project.published_dir / ".staging"
    for folder in (parent, *project.published_dir.glob(f"{_TRASH}*")):
        shutil.rmtree(folder, ignore_errors=True)
    for leftover in project.published_dir.glob(f".{_CURRENT}.*.tmp"):
        leftover.unlink(missing_ok=True)
    try:
        with fresh_folder(parent, "site-") as folder:
            yield folder
    finally:
        with contextlib.suppress(OSError):  # not empty: there are releases
            parent.rmdir()
            project.published_dir.rmdir()


def release(project: Project, staging: Path, manifest: Manifest, *, keep: int = KEEP) -> Release:
    """Make the site in ``staging`` the current one, in one rename; keep the last ``keep``.

    Raises
    ------
    ReleaseError
        The site is empty, or cannot be moved into place. The current release stays.
    """
    if not any(staging.iterdir()):
        raise ReleaseError("there is nothing to release: the site is empty")
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-{_content_hash(staging)}"
    folder = _releases_dir(project) / name
    write_text(_manifest_file(project, name), manifest.to_json())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging.rename(folder)
        replace_link(project.published_dir / _CURRENT, f"releases/{name}")
    except OSError as error:
        raise ReleaseError(
            f"the site cannot be moved to {folder}: {error.strerror}",
            hint="check space and permissions below published/; the last release is still current",
        ) from error
    prune(project, keep)
    return Release(name, folder, manifest)


def releases(project: Project) -> tuple[Release, ...]:
    """List the releases, the oldest first."""
    return tuple(_read(project, name) for name in _names(project))


def current(project: Project) -> Release | None:
    """Give the release that is served, if there is one."""
    name = _current_name(project)
    return _read(project, name) if name else None


def prune(project: Project, keep: int) -> tuple[str, ...]:
    """Remove all but the last ``keep`` releases, and never the current one; give their ids."""
    serving = _current_name(project)
    names = _names(project)
    others = [name for name in names if name != serving]
    gone = others[: max(0, len(names) - max(1, keep))]
    for name in gone:
        # Moved away first: whoever lists releases sees whole ones only.
        trash = Path(tempfile.mkdtemp(dir=project.published_dir, prefix=_TRASH))
        (_releases_dir(project) / name).rename(trash / name)
        shutil.rmtree(trash, ignore_errors=True)
    kept = {f"{name}.json" for name in names if name not in gone}
    for path in _manifests_dir(project).iterdir():
        if path.name not in kept:
            path.unlink(missing_ok=True)
    return tuple(gone)


def _releases_dir(project: Project) -> Path:
    return project.published_dir / "releases"


def _manifests_dir(project: Project) -> Path:
    return project.published_dir / "manifests"


def _manifest_file(project: Project, name: str) -> Path:
    return _manifests_dir(project) / f"{name}.json"


def _names(project: Project) -> list[str]:
    folder = _releases_dir(project)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _current_name(project: Project) -> str | None:
    link = project.published_dir / _CURRENT
    return link.readlink().name if link.is_symlink() and link.is_dir() else None


def _read(project: Project, name: str) -> Release:
    folder = _releases_dir(project) / name
    return Release(name, folder, read_manifest(_manifest_file(project, name)))


def _content_hash(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(folder).as_posix()}\0{digest_file(path)}\n".encode())
    return total.hexdigest()[:8]
