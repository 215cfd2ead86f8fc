"""From the registry to what is served: which versions take part, loaded and proven to be whole."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from analysis.errors import ModelError
from analysis.models.bundle.record import Field, Stage, Version
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.naming import parsed
from analysis.models.registry.registry import Registry
from analysis.service.serving import Arm, Serving


@dataclass(frozen=True)
class Chosen:
    """What a server was told to serve.

    ``name`` is a model, or a version of one, as ``late-flights@2``; of a model it is the version
    at ``stage``. The challenger gets the ``share`` of the keys, or is a ``shadow``.
    """

    name: str
    stage: Stage = "champion"
    share: float = 0.0
    shadow: bool = False

    @property
    def model(self) -> str:
        """Name the model."""
        return parsed(self.name).model


def open_serving(registry: Registry, chosen: Chosen, before: Serving | None = None) -> Serving:
    """Load the versions that are to be served now; those of ``before`` are not loaded again.

    Raises
    ------
    ModelError
        There is no such version, it is damaged, or the challenger takes other fields at the start.
    """
    first = _first(registry, chosen)
    arms = [_opened(registry, first, before, first.stage, 0.0, shadow=False)]
    if chosen.share or chosen.shadow:
        other = registry.at_stage(chosen.model, "challenger")
        if other and other.id != first.id:
            share = 0.0 if chosen.shadow else chosen.share
            arm = _opened(registry, other, before, "challenger", share, shadow=chosen.shadow)
            if _fits(arms[0], arm, following=before is not None):
                arms.append(arm)
    return Serving(chosen.model, tuple(arms))


def _first(registry: Registry, chosen: Chosen) -> Version:
    named = registry.find(chosen.name)
    if parsed(chosen.name).version is not None:
        return named
    found = registry.at_stage(chosen.model, chosen.stage)
    if found is None:
        raise ModelError(
            f"no version of `{chosen.model}` is {chosen.stage}",
            hint=f"make one: `analysis model stage {chosen.model}@{named.number} {chosen.stage}`, "
            f"or serve this one: `analysis serve model {chosen.model}@{named.number}`",
        )
    return found


def _opened(
    registry: Registry,
    version: Version,
    before: Serving | None,
    name: str,
    share: float,
    *,
    shadow: bool,
) -> Arm:
    loaded = next((a.predictor for a in before.arms if a.version == version.id), None) if (
        before
    ) else None  # fmt: skip
    predictor = loaded or open_predictor(registry.folder(version), registry.project)
    return Arm(name, version.id, version.number, version.stage, predictor, share, shadow)


def _fits(first: Arm, other: Arm, *, following: bool) -> bool:
    """Say whether the other can be tried; a server that runs goes on without it."""
    try:
        _check_fits(first, other)
    except ModelError as error:
        if not following:
            raise
        why = " ".join(str(error).split())
        sys.stderr.write(f"the challenger is left out: {why}\n")
        sys.stderr.flush()
        return False
    return True


def _check_fits(first: Arm, other: Arm) -> None:
    """See that rows which the first takes are rows for the other."""
    theirs = {field.name: field for field in other.predictor.bundle.fields}
    ours = {field.name: field for field in first.predictor.bundle.fields}
    differing = sorted(theirs.keys() ^ ours.keys()) or [
        name
        for name, field in ours.items()
        if field.type != theirs[name].type
        or (field.nullable and not theirs[name].nullable)
        or (not theirs[name].unseen and not _knows(theirs[name].categories, field))
    ]
    if differing:
        raise ModelError(
            f"version {other.number} of `{first.predictor.bundle.model}` cannot be tried beside "
            f"version {first.number}: they take `{differing[0]}` differently",
            hint="serve it alone: `--stage challenger`",
        )


def _knows(categories: tuple[str, ...], field: Field) -> bool:
    return not field.unseen and set(field.categories) <= set(categories)
