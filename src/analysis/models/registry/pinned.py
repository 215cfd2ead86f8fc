"""A new version of a pin, as pins itself writes it: files, and a ``data.txt`` that tells of them.

The functions of pins that write to a board name versions by local time, pass over one that equals
the last, fail where any other is damaged, and leave half of one when they are killed. So only its
records are used here: how it names a version, and what it says of it.
"""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from analysis.errors import ModelError
from analysis.files import fresh_folder
from analysis.models.registry.board import Board
from analysis.models.registry.folder import prefix_of_new, remove_unfinished

# What tells pins of a version.
DATA = "data.txt"
_TRIES = 100


def add_version(
    board: Board, pin: str, files: Sequence[Path], title: str, created: datetime
) -> str:
    """Put ``files`` on a board as a new version of ``pin``, and give its id.

    ``created`` is UTC; where there is a version of this name already, it is a second later.

    Raises
    ------
    ModelError
        The board cannot be written to.
    """
    try:
        return _added(board, pin, files, title, created)
    except OSError as error:
        raise ModelError(
            f"the board `{board}` cannot be written to: {error.strerror or error}",
            hint="see that it is a folder that you may write to, and that the disk is not full",
        ) from None


def _added(board: Board, pin: str, files: Sequence[Path], title: str, created: datetime) -> str:
    remove_unfinished(board.staging)
    with fresh_folder(board.staging, prefix_of_new()) as temporary:
        # Two folders deep, where nobody takes it for a version.
        staged = temporary / "new" / pin
        staged.mkdir(parents=True)
        for file in files:
            shutil.copyfile(file, staged / file.name)
        names = sorted(file.name for file in files)
        for later in range(_TRIES):
            version = _describe(staged, names, pin, title, created + timedelta(seconds=later))
            if board.put(staged, pin, version):
                return version
    raise ModelError(f"the board `{board}` has versions of `{pin}` of this moment already")


def identity(text: str) -> str | None:
    """Give the id that a version's ``data.txt`` says it has; ``None`` if it is damaged."""
    import yaml

    try:
        told = yaml.safe_load(text)
        return f"{told['created']}-{str(told['pin_hash'])[:5]}"
    except (yaml.YAMLError, KeyError, TypeError):
        return None


def _describe(folder: Path, names: Sequence[str], pin: str, title: str, created: datetime) -> str:
    """Write ``data.txt`` into ``folder``, and give the name of the version."""
    from pins.meta import MetaFactory

    paths = [str(folder / name) for name in names]
    with warnings.catch_warnings():
        # It leaves the files that it fingerprints to be closed by chance.
        warnings.simplefilter("ignore", ResourceWarning)
        meta = MetaFactory().create(
            str(folder),
            paths if len(paths) > 1 else paths[0],
            "file",
            name=pin,
            title=title,
            created=created,
        )
    (folder / DATA).write_text(str(meta.to_pin_yaml()), encoding="utf-8")
    return str(meta.version.version)
