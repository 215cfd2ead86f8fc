"""Stages of versions: what they follow from, and what changes them. Nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from analysis.errors import ModelError
from analysis.lineage.models import SINGLE, replayed
from analysis.models.bundle.record import (
    FORMAT,
    GOLDEN,
    MODEL,
    Bundle,
    Certificate,
    Event,
    Stage,
    Version,
)


@dataclass(frozen=True)
class Change:
    """A stage that is wanted of a version: by whom, why, and when (UTC)."""

    stage: Stage
    by: str | None
    why: str | None
    at: datetime


def stages(events: Iterable[Event]) -> Mapping[str, Stage]:
    """Give the stage of each version from events of a model, the oldest first."""
    return replayed((event.version, event.stage) for event in events if event.stage)


def certificate(events: Iterable[Event]) -> Certificate | None:
    """Give the last certificate among events of a version."""
    return next((e.certificate for e in reversed(tuple(events)) if e.certificate), None)


def changes(versions: Sequence[Version], chosen: Version, wanted: Change) -> tuple[Event, ...]:
    """Give the events that bring a version to a stage; none, if it has it already.

    Raises
    ------
    ModelError
        It shall be the champion, and is not proven to predict the same everywhere.
    """
    if wanted.stage == "champion":
        check_proven(chosen)
    moment = _after(versions, wanted.at)
    found = []
    if chosen.stage != wanted.stage:
        found.append(_event(chosen, wanted, wanted.stage, wanted.why, moment))
    for other in _displaced(versions, chosen, wanted):
        moment += timedelta(microseconds=1)
        why = f"{name_of(chosen)} is the {wanted.stage} now"
        found.append(_event(other, wanted, "retired", why, moment))
    return tuple(found)


def check_proven(version: Version) -> None:
    """See that a version has a certificate of its own bytes, and passed.

    Raises
    ------
    ModelError
        It has none, or it failed, or it is of another model or other golden cases.
    """
    found, name = version.certificate, name_of(version)
    hint = f"`analysis model validate {name}` makes it"
    if found is None:
        raise ModelError(
            f"`{name}` cannot be the champion: it has no parity certificate", None, hint
        )
    if not found.passed:
        raise ModelError(
            f"`{name}` cannot be the champion: its parity certificate was not passed",
            None,
            f"`analysis model show {name}` says where it predicts otherwise",
        )
    if not is_of(found, version.bundle):
        raise ModelError(
            f"`{name}` cannot be the champion: its certificate is of another model or other cases",
            None,
            hint,
        )


def is_of(found: Certificate, bundle: Bundle) -> bool:
    """Say whether a certificate is of the model and the golden cases of a bundle."""
    model, golden = bundle.file(MODEL), bundle.file(GOLDEN)
    proven = (found.model_sha256, found.golden_sha256)
    return model is not None and golden is not None and proven == (model.sha256, golden.sha256)


def name_of(version: Version) -> str:
    """Name a version as people do: ``late-flights@2``."""
    return f"{version.bundle.model}@{version.number}"


def written(moment: datetime) -> str:
    """Write a moment so that texts are in the order of moments."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _displaced(versions: Iterable[Version], chosen: Version, wanted: Change) -> Iterator[Version]:
    """Give the others that had this stage by the last event of their own."""
    if wanted.stage in SINGLE:
        for other in versions:
            last = [event.stage for event in other.events if event.stage][-1:]
            if other.id != chosen.id and last == [wanted.stage]:
                yield other


def _after(versions: Iterable[Version], at: datetime) -> datetime:
    """Give a moment after all events, also where a clock was ahead."""
    last = max((event.at for version in versions for event in version.events), default=None)
    if last is None or written(at) > last:
        return at
    return datetime.fromisoformat(last) + timedelta(microseconds=1)


def _event(version: Version, wanted: Change, stage: Stage, why: str | None, at: datetime) -> Event:
    return Event(
        format=FORMAT,
        model=version.bundle.model,
        version=version.id,
        kind="stage",
        at=written(at),
        by=wanted.by,
        why=why,
        stage=stage,
        previous=version.stage,
    )
