"""What is known of a version's parity: whether all ways of predicting gave the same."""

from __future__ import annotations

from typing import Literal

from analysis.models.bundle.record import Certificate, Version
from analysis.models.registry.stages import is_of

Parity = Literal["passed", "failed", "none"]


def parity(version: Version) -> Parity:
    """Say what the last certificate came to; one of other files is none."""
    found = version.certificate
    if found is None or not is_of(found, version.bundle):
        return "none"
    return "passed" if found.passed else "failed"


def largest_difference(found: Certificate | None) -> float | None:
    """Give the largest difference of a number in any check; ``None`` if none was made."""
    differences = [one.largest for one in found.checks if one.largest is not None] if found else []
    return max(differences, default=None)


def size_of(version: Version) -> int:
    """Give the bytes of all files that the bundle tells of."""
    return sum(told.bytes for told in version.bundle.files)
