"""The parity certificate: golden cases through all ways of predicting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from analysis.models.bundle.record import (
    FORMAT,
    GOLDEN,
    MODEL,
    Bundle,
    Certificate,
    Check,
    Event,
    Version,
)
from analysis.models.registry.stages import written
from analysis.models.validating.comparing import compare
from analysis.models.validating.shipped import TOLERANCE
from analysis.models.validating.subject import SkippedError, Subject, Way, WrongError

__all__ = ["TOLERANCE", "certificate", "event_of"]

# Without these nothing is proven; the others are left out where they cannot be tried.
DEMANDED = ("python", "api")
_PACKAGES = ("analysis", "scikit-learn", "numpy", "scipy", "pandas", "skops", "duckdb", "sqlglot")


def certificate(
    subject: Subject, ways: Mapping[str, Way], tolerance: float = TOLERANCE
) -> Certificate:
    """Put the golden cases of a version through ``ways`` of predicting, in their order."""
    checks = tuple(_check(where, way, subject, tolerance) for where, way in ways.items())
    bundle = subject.bundle
    return Certificate(
        tolerance=tolerance,
        cases=len(subject.golden),
        checks=checks,
        packages=_packages(),
        model_sha256=_sha256(bundle, MODEL),
        golden_sha256=_sha256(bundle, GOLDEN),
        passed=passes(checks, tolerance),
    )


def passes(checks: Sequence[Check], tolerance: float) -> bool:
    """Say whether all that was tried predicted the same, and Python and the API were tried."""
    tried = {check.where for check in checks if check.skipped is None}
    right = all(check.passes(tolerance) for check in checks if check.skipped is None)
    return right and tried.issuperset(DEMANDED)


def event_of(proven: Version, found: Certificate, by: str | None) -> Event:
    """Make the event by which a certificate is kept."""
    return Event(
        format=FORMAT,
        model=proven.bundle.model,
        version=proven.id,
        kind="certificate",
        at=written(datetime.now(UTC)),
        by=by,
        why=None,
        certificate=found,
    )


def _check(where: str, way: Way, subject: Subject, tolerance: float) -> Check:
    try:
        answers = way(subject)
    except SkippedError as error:
        return Check(where, "", 0, None, 0, skipped=str(error))
    except WrongError as error:
        return Check(where, "", 0, None, 0, wrong=str(error))
    return compare(where, subject.bundle, subject.golden, answers, tolerance)


def _sha256(bundle: Bundle, name: str) -> str:
    told = bundle.file(name)
    assert told is not None  # files of a subject were checked
    return told.sha256


def _packages() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
