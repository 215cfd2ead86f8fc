"""Versions and events of models from files: what is damaged hides nothing else, and is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.errors import Location, ModelError, Remark
from analysis.models.bundle.record import BUNDLE, Bundle, Event, Stage, Version
from analysis.models.bundle.store import read_bundle, read_event
from analysis.models.registry.naming import VERSION_ID, events_pin, is_model_name
from analysis.models.registry.pinned import DATA, identity
from analysis.models.registry.stages import certificate, stages, written
from analysis.models.registry.verifying import not_whole

EVENT = "event.json"
# The files of a version with their sizes, by its pin and id.
Sizes = Callable[[str, str], Mapping[str, int]]


@dataclass(frozen=True)
class Kept:
    """What is kept of a model: its versions, the oldest first.

    ``numbers`` are of all ids that there ever were, as far as known; ``damage`` says by id why one
    of them is no version. ``stages`` are those of all ids that have one, damaged or not.
    ``remarks`` name everything that is not as it should be.
    """

    model: str
    versions: tuple[Version, ...]
    numbers: Mapping[str, int]
    damage: Mapping[str, str]
    stages: Mapping[str, Stage]
    remarks: tuple[Remark, ...]


def local_sizes(home: Path) -> Sizes:
    """Give what looks at the sizes of files below ``home`` itself."""

    def sizes(pin: str, version: str) -> Mapping[str, int]:
        try:
            files = [path for path in (home / pin / version).iterdir() if path.is_file()]
            return {path.name: path.stat().st_size for path in files}
        except FileNotFoundError:  # it is replaced at this moment
            return {}

    return sizes


def models_in(home: Path) -> tuple[str, ...]:
    """Name the models of which a version or an event is kept in ``home``."""
    found = {p.parent.parent.name for p in home.glob(f"*/*/{BUNDLE}")} | {
        path.parent.parent.name.removesuffix(events_pin(""))
        for path in home.glob(f"*{events_pin('')}/*/{EVENT}")
    }
    return tuple(sorted(name for name in found if is_model_name(name)))


def read_model(home: Path, model: str, sizes: Sizes, shown: str) -> Kept:
    """Read what is kept of a model in ``home``, which is called ``shown``."""
    events, odd = _events(home, model, shown)
    there = _folders(home / model)
    bundled = (name for name in there if _is_id(name) and (home / model / name / BUNDLE).is_file())
    ids = sorted({*bundled, *(event.version for event in events)})
    numbers = {version: number for number, version in enumerate(ids, 1)}
    bundles: dict[str, Bundle] = {}
    damage: dict[str, str] = {}
    for version in dict.fromkeys([*ids, *there]):
        try:
            bundles[version] = _bundle(home, model, version, sizes)
        except ModelError as error:
            damage[version] = error.what
    state, own = stages(events), _by_version(events)
    return Kept(
        model=model,
        versions=tuple(
            Version(
                id=version,
                number=numbers[version],
                bundle=bundle,
                stage=state.get(version, "candidate"),
                events=own.get(version, ()),
                certificate=certificate(own.get(version, ())),
            )
            for version, bundle in bundles.items()
        ),
        numbers=numbers,
        damage=damage,
        stages=state,
        remarks=(*(_remark(shown, model, v, why) for v, why in damage.items()), *odd),
    )


def _bundle(home: Path, model: str, version: str, sizes: Sizes) -> Bundle:
    """Read a version's bundle, and see that its files are there and its own."""
    folder = home / model / version
    if not _is_id(version):
        raise ModelError("this is no version of a model: pins does not name them so")
    if not folder.is_dir():
        raise ModelError("this version is gone, and only its events are left")
    found = sizes(model, version)
    if BUNDLE not in found or DATA not in found:
        missing = BUNDLE if BUNDLE not in found else DATA
        raise ModelError(f"this version is not whole: {missing} is missing")
    bundle = read_bundle(folder / BUNDLE)
    if bundle.model != model:
        raise ModelError(f"this is a version of the model `{bundle.model}`, copied here")
    if why := not_whole(bundle, found):
        raise ModelError(f"this version is not whole: {why}")
    if _identity(folder) != version:
        raise ModelError(f"this folder was renamed or copied, or its {DATA} is damaged")
    return bundle


def _identity(folder: Path) -> str | None:
    try:
        return identity((folder / DATA).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _events(home: Path, model: str, shown: str) -> tuple[list[Event], list[Remark]]:
    """Read the events of a model, the oldest first; one that was copied counts once."""
    pin = events_pin(model)
    found: dict[tuple[str, str, str, str | None], Event] = {}
    odd = []
    for name in _folders(home / pin):
        try:
            event = _event(home / pin / name, model)
            found.setdefault((event.at, event.version, event.kind, event.stage), event)
        except ModelError as error:
            odd.append(_remark(shown, pin, name, error.what))
    return [found[key] for key in sorted(found, key=lambda key: (key[0], str(key)))], odd


def _event(folder: Path, model: str) -> Event:
    event = read_event(folder / EVENT)
    if event.model != model or not _is_id(event.version):
        raise ModelError(f"this event is of the model `{event.model}`, copied here")
    try:
        if written(datetime.fromisoformat(event.at)) == event.at:
            return event
    except ValueError:
        pass
    raise ModelError("this event does not say when it happened")


def _by_version(events: Iterable[Event]) -> Mapping[str, tuple[Event, ...]]:
    found: dict[str, tuple[Event, ...]] = {}
    for event in events:
        found[event.version] = (*found.get(event.version, ()), event)
    return found


def _remark(shown: str, pin: str, version: str, why: str) -> Remark:
    return Remark(f"{why}; it is left out", Location(f"{shown}/{pin}/{version}"))


def _is_id(name: str) -> bool:
    return bool(VERSION_ID.fullmatch(name))


def _folders(home: Path) -> list[str]:
    return sorted(_names(home)) if home.is_dir() else []


def _names(home: Path) -> Iterator[str]:
    for path in home.iterdir():
        if path.name[0] != "." and path.is_dir():
            yield path.name
