"""A site put plainly into a folder, for whoever serves it from there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from analysis.errors import ReleaseError
from analysis.files import write_bytes, write_text

# The list of our files: with it, a later run knows what it may remove.
LIST = "site_libs/analysis/files.json"


def write_plain(staging: Path, output: Path) -> tuple[str, ...]:
    """Bring the folder ``output`` up to date with the site in ``staging``; give its files.

    Only files that an earlier run wrote are removed. Pages come after what they load, so that
    a reader never sees a page without its styles.

    Raises
    ------
    ReleaseError
        ``output`` is a file, or has files in it and is no site of ours.
    """
    ours = _earlier_files(output)
    files = sorted(p.relative_to(staging).as_posix() for p in staging.rglob("*") if p.is_file())
    foreign = [name for name in files if name not in ours and (output / name).exists()]
    if foreign:
        raise ReleaseError(
            f"`{foreign[0]}` is there already in {output}, and is not ours",
            hint="move it away, or choose another folder",
        )
    # Recorded first: a run that is killed leaves nothing that the next would take for foreign.
    write_text(output / LIST, json.dumps(sorted({*files, *ours, LIST}), indent=1) + "\n")
    for name in sorted(files, key=lambda name: (name.endswith(".html"), name)):
        _write(output / name, (staging / name).read_bytes())
    for name in ours - {*files, LIST}:
        _remove(output, name)
    write_text(output / LIST, json.dumps(sorted({*files, LIST}), indent=1) + "\n")
    return tuple(files)


def replace_site(folder: Path, staging: Path) -> None:
    """Put the site in ``staging`` in the place of one that we or Quarto wrote to ``folder``.

    Raises
    ------
    ReleaseError
        ``folder`` holds something that is no rendered site.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "site_libs").is_dir():
        raise ReleaseError(
            f"{folder} is not empty and is no rendered site",
            hint="change `project: output-dir` in _quarto.yml, or move these files away",
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging.rename(folder)


def _earlier_files(output: Path) -> set[str]:
    if output.exists() and not output.is_dir():
        raise ReleaseError(f"{output} is a file", hint="name a folder")
    if not output.is_dir() or not any(output.iterdir()):
        return set()
    try:
        names = json.loads((output / LIST).read_text(encoding="utf-8"))
        return {str(name) for name in names}
    except (OSError, ValueError):
        raise ReleaseError(
            f"{output} is not empty and is no site of ours",
            hint="name an empty or a new folder; nothing was changed",
        ) from None


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_bytes(path, content)


def _remove(output: Path, name: str) -> None:
    path = output / name
    # A list that was tampered with must not lead out of the folder.
    if output.resolve() not in path.resolve().parents:
        return
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == output or any(folder.iterdir()):
            break
        folder.rmdir()
