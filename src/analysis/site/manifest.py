"""What a release says about itself: from what it was made, and what went wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from analysis.errors import ReleaseError


@dataclass(frozen=True)
class PublishedPage:
    """A page of the release; ``fingerprint`` is of what it was made from."""

    source: str
    output: str
    fingerprint: str
    seconds: float | None = None


@dataclass(frozen=True)
class Failure:
    """A page that failed: what went wrong, where, and the traceback of its cell."""

    source: str
    what: str
    where: str | None = None
    traceback: str = ""


@dataclass(frozen=True)
class Manifest:
    """The record of one release; times are UTC, durations in seconds.

    ``identity`` and ``reads`` are fingerprints of what the site was made from: where they are the
    same, so is the site. ``snapshot`` is the id of that of the warehouse.
    """

    renderer: str
    pages: tuple[PublishedPage, ...]
    failures: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    commit: str | None = None
    identity: str | None = None
    reads: Mapping[str, str] = field(default_factory=dict)
    snapshot: str | None = None
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def to_json(self) -> str:
        """Write it, sorted and indented, so that two of them can be compared."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a release.

    Raises
    ------
    ReleaseError
        It is damaged.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["pages"] = tuple(PublishedPage(**page) for page in found["pages"])
        found["failures"] = tuple(Failure(**failure) for failure in found["failures"])
        found["warnings"] = tuple(found["warnings"])
        return Manifest(**found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the manifest of the release {path.stem} cannot be read: {error}",
            hint=f"restore {path}, or publish again",
        ) from None
