"""From a zip, gzip or plain file to a plain one, with a limit on what may come out."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from analysis.errors import Location, SourceError
from analysis.files import digest
from analysis.warehouse.reading.places import Place

# Real tables shrink 3 to 50 times; what grows more than this is a mistake or an attack.
MAX_GROWTH = 200
ALWAYS_ALLOWED = 100_000_000
CHUNK = 1 << 20


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Read up to ``size`` bytes; none at the end."""


def unpack(place: Place, folder: Path, *, allowed: int = ALWAYS_ALLOWED) -> Path:
    """Give the plain file of ``place``: itself, or what was in it, written into ``folder``.

    Up to ``allowed`` bytes, or 200 times the size of the packed file, may come out.

    Raises
    ------
    SourceError
        The file is damaged, holds too much, or is a zip with other than one file.
    """
    limit = max(allowed, MAX_GROWTH * place.path.stat().st_size)
    suffix = place.path.suffix.lower()
    if suffix not in (".zip", ".gz"):
        return place.path
    target = folder / f"{digest(place.label.encode())[:12]}{place.path.with_suffix('').suffix}"
    with _explained(place), _open_packed(place) as packed:
        _copy(packed, target, limit, place)
    return target


@contextmanager
def _open_packed(place: Place) -> Iterator[Readable]:
    if place.path.suffix.lower() == ".gz":
        with gzip.open(place.path) as packed:
            yield packed
    else:
        with (
            zipfile.ZipFile(place.path) as archive,
            archive.open(_only_member(archive, place)) as member,
        ):
            yield member


@contextmanager
def _explained(place: Place) -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise SourceError(
            f"this file is damaged or cut off: {error}",
            Location(place.label),
            "get it again from where it came from",
        ) from None
    except RuntimeError as error:  # so zipfile says that it needs a password
        raise SourceError(f"this zip cannot be read: {error}", Location(place.label)) from None


def _only_member(archive: zipfile.ZipFile, place: Place) -> zipfile.ZipInfo:
    # macOS puts a twin of each file into a folder of its own.
    members = [
        m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")
    ]
    if len(members) == 1:
        return members[0]
    names = ", ".join(m.filename for m in members[:5])
    raise SourceError(
        f"this zip holds {len(members)} files and not one" + (f": {names}" if names else ""),
        Location(place.label),
        "unpack it, and declare each file as a source of its own",
    )


def _copy(packed: Readable, target: Path, limit: int, place: Place) -> None:
    size = 0
    with target.open("wb") as out:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise SourceError(
                    f"more than {limit:,} bytes come out of this file",
                    Location(place.label),
                    "if that is right, unpack it yourself and declare the plain file",
                )
            out.write(chunk)
