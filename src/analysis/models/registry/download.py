"""A version's files on this machine, seen to be its own."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from analysis.errors import ModelError
from analysis.files import fresh_folder
from analysis.models.bundle.record import BUNDLE, Version
from analysis.models.bundle.store import read_bundle
from analysis.models.registry.board import Board
from analysis.models.registry.folder import prefix_of_new
from analysis.models.registry.pinned import DATA
from analysis.models.registry.stages import name_of
from analysis.models.registry.verifying import check_files
from analysis.project import Project

# Below the folder for work, which may be deleted at any time.
_CACHE = "models"


def local_folder(project: Project, board: Board, version: Version) -> Path:
    """Give a folder with all files of a version; what lies elsewhere is fetched once.

    Raises
    ------
    ModelError
        A file is missing, or is not the one that was promoted, or cannot be fetched.
    """
    model, name = version.bundle.model, name_of(version)
    if board.folder is not None:
        folder = board.folder / model / version.id
        check_files(folder, version.bundle, name)
        return folder
    home = project.work_dir / _CACHE
    if not _is_whole(home / model / version.id, version):
        _fetch(board, version, home)
    return home / model / version.id


def _is_whole(folder: Path, version: Version) -> bool:
    try:
        _check(folder, version)
    except ModelError:
        return False
    return True


def _check(folder: Path, version: Version) -> None:
    check_files(folder, version.bundle, name_of(version))
    if read_bundle(folder / BUNDLE) != version.bundle:
        raise ModelError(f"{BUNDLE} of the model `{name_of(version)}` is not the one that was read")


def _fetch(board: Board, version: Version, home: Path) -> None:
    model = version.bundle.model
    with fresh_folder(home, prefix_of_new()) as temporary:
        staged = temporary / version.id
        staged.mkdir()
        for name in (BUNDLE, DATA, *(told.file for told in version.bundle.files)):
            board.get(model, version.id, name, staged / name)
        _check(staged, version)
        target = home / model / version.id
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        # Another process may have fetched it in the meantime.
        with contextlib.suppress(OSError):
            staged.rename(target)
