"""Versions of models, as their records tell: read plainly, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from analysis.files import digest
from analysis.lineage.system import MODELS_FOLDER, MODELS_FORMAT

Name = TypeVar("Name", bound=str)
# Stages that one version of a model has at most.
SINGLE = ("champion", "challenger")
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{5}")
_BUNDLE, _EVENT = "bundle.json", "event.json"
_BEGIN = "candidate"


@dataclass(frozen=True)
class Known:
    """A version: ``digest`` is of what is told of it, and of all that happened to it."""

    id: str
    number: int
    stage: str
    digest: str


def replayed(events: Iterable[tuple[str, Name]]) -> dict[str, Name]:
    """Give the stage of each version from the stages that were set, the oldest first.

    Who becomes the champion, or the challenger, takes the place of the one there was, which is
    retired by that; its own event may be missing, if whoever wrote them was killed in between.
    """
    found: dict[str, Any] = {}
    for version, stage in events:
        if stage in SINGLE:
            found.update({other: "retired" for other, had in found.items() if had == stage})
        found[version] = stage
    return found


def read_versions(root: Path, model: str) -> tuple[Known, ...]:
    """Read what is told of the versions of a model, the oldest first; damage is left out."""
    home = root / MODELS_FOLDER
    there = {path.parent.name: path for path in (home / model).glob(f"*/{_BUNDLE}")}
    bundles = {name: path for name, path in there.items() if _ID.fullmatch(name)}
    events = _events(home / f"{model}.events", model)
    stages = replayed((e["version"], e["stage"]) for e in events if isinstance(e.get("stage"), str))
    ids = sorted({*bundles, *(event["version"] for event in events)})
    return tuple(
        Known(name, number, stages.get(name, _BEGIN), _digest(told, name, events))
        for number, name in enumerate(ids, 1)
        if name in bundles and (told := _json(bundles[name], model)) is not None
    )


def chosen(versions: Sequence[Known], text: str | None) -> Known | None:
    """Choose a version: by number, stage or first digits of its id; else the champion, or newest.

    ``None`` if there is none, or if it is not clear which one is meant.
    """
    if text is None:
        return next((v for v in versions if v.stage == "champion"), None) or _last(versions)
    if text.isdigit() and (same := [v for v in versions if str(v.number) == text]):
        return same[0]
    if staged := [version for version in versions if version.stage == text]:
        return staged[-1]
    begin = [version for version in versions if version.id.startswith(text)]
    return begin[0] if len(begin) == 1 else None


def split_name(text: str) -> tuple[str, str | None]:
    """Take ``late-flights@2`` apart."""
    model, _, version = text.partition("@")
    return model, version or None


def _last(versions: Sequence[Known]) -> Known | None:
    return versions[-1] if versions else None


def _events(home: Path, model: str) -> list[Mapping[str, Any]]:
    """Read the events of a model, the oldest first; one that was copied counts once."""
    found = {}
    for path in home.glob(f"*/{_EVENT}"):
        event = _json(path, model)
        if event is None or not isinstance(event.get("at"), str):
            continue
        if _ID.fullmatch(str(event.get("version"))):
            key = tuple(str(event.get(name)) for name in ("at", "version", "kind", "stage"))
            found[key] = event
    return [found[key] for key in sorted(found)]


def _json(path: Path, model: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    is_its_own = isinstance(found, dict) and found.get("model") == model
    return found if is_its_own and found.get("format") == MODELS_FORMAT else None


def _digest(bundle: Mapping[str, Any], version: str, events: Iterable[Mapping[str, Any]]) -> str:
    own = [bundle, *(event for event in events if event["version"] == version)]
    return digest(json.dumps(own, sort_keys=True, ensure_ascii=False).encode())
