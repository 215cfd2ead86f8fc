"""A copy of the small files of a board in the project, so that pages read files that are here."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from analysis.errors import Location, Remark
from analysis.files import fresh_folder
from analysis.models.bundle.record import BUNDLE, MODEL
from analysis.models.registry.board import Board, Listing
from analysis.models.registry.folder import prefix_of_new, remove_unfinished
from analysis.models.registry.naming import VERSION_ID, events_pin, model_of
from analysis.models.registry.verifying import is_plain


def mirror(board: Board, home: Path, shown: str) -> tuple[Listing, tuple[Remark, ...]]:
    """Bring ``home`` up to date, and give what is on the board.

    Remarks are on versions that are not on the board, of models that are kept in ``home`` itself.
    """
    listing = _ours(board.listing())
    kept_here = {path.parent.parent.name for path in home.glob(f"*/*/{MODEL}")}
    remove_unfinished(home)
    for pin, versions in listing.items():
        for version, sizes in versions.items():
            wanted = {name: size for name, size in sizes.items() if name != MODEL}
            there = _sizes(home / pin / version)
            if there is None or (there != wanted and model_of(pin) not in kept_here):
                _copy(board, home, pin, version, wanted)
    return listing, tuple(_remove_others(home, listing, shown, kept_here))


def _ours(listing: Listing) -> Listing:
    """Leave out what else is kept on the board."""
    models = {
        pin for pin, versions in listing.items() if any(BUNDLE in v for v in versions.values())
    }
    models |= {pin.removesuffix(events_pin("")) for pin in listing if pin.endswith(events_pin(""))}
    found: dict[str, Mapping[str, Mapping[str, int]]] = {}
    for pin, versions in listing.items():
        if model_of(pin) in models:
            found[pin] = {name: sizes for name, sizes in versions.items() if _is_id(name)}
    return found


def _copy(board: Board, home: Path, pin: str, version: str, wanted: Mapping[str, int]) -> None:
    """Fetch a version's small files, also those of one that is not whole: reading says so."""
    with fresh_folder(home, prefix_of_new()) as temporary:
        # Two folders deep, where nobody takes it for a version.
        staged = temporary / "new" / version
        staged.mkdir(parents=True)
        for name in filter(is_plain, wanted):
            board.get(pin, version, name, staged / name)
        target = home / pin / version
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            target.rename(temporary / "new" / "replaced")
        # Another process may have brought it in the meantime.
        with contextlib.suppress(OSError):
            staged.rename(target)


def _remove_others(
    home: Path, listing: Listing, shown: str, kept_here: Collection[str]
) -> Iterator[Remark]:
    """Remove copies of what is no longer on the board.

    Of models that are kept here themselves nothing is removed, events neither.
    """
    for folder in sorted(home.glob("*/*/")):
        pin, version = folder.parent.name, folder.name
        model = model_of(pin)
        if model is None or version in listing.get(pin, {}) or not _is_id(version):
            continue
        if model not in kept_here:
            shutil.rmtree(folder, ignore_errors=True)
        elif pin == model:
            what = "this version is not on the board that the settings name, and is not a copy"
            yield Remark(what, Location(f"{shown}/{pin}/{version}"))


def _sizes(folder: Path) -> Mapping[str, int] | None:
    if not folder.is_dir():
        return None
    return {path.name: path.stat().st_size for path in folder.iterdir() if path.name != MODEL}


def _is_id(name: str) -> bool:
    return bool(VERSION_ID.fullmatch(name))
