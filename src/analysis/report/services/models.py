"""How the models of a project are: versions, the champion, and what is damaged."""

from __future__ import annotations

from analysis.errors import AnalysisError
from analysis.models.bundle.record import Version
from analysis.models.registry.reading import Kept
from analysis.models.registry.registry import Registry, open_registry
from analysis.models.registry.stages import name_of
from analysis.project import Project
from analysis.report.services.service import Finding, broken, ok, warning


def check_models(project: Project) -> dict[str, Finding]:
    """See of each model, as far as it is on this machine, whether it can be used."""
    try:
        registry = open_registry(project, refresh=False)
        return {name: _check(registry, registry.kept(name)) for name in registry.names()}
    except AnalysisError as error:
        return {"registry": broken(error.what, error.hint or "see docs/models.md")}


def _check(registry: Registry, kept: Kept) -> Finding:
    champion = next((v for v in reversed(kept.versions) if v.stage == "champion"), None)
    said = [_counted(len(kept.versions)), f"champion {name_of(champion)}" if champion else ""]
    if damage := _damaged(registry, kept):
        told = [*filter(None, said), *(f"{name} is damaged: {why}" for name, why in damage.items())]
        return broken("; ".join(told), "bring its folder back, or promote the run again")
    if champion is None:
        return warning(
            f"{said[0]}; no champion",
            f"make one: `analysis model stage {kept.model}@N champion --why TEXT`",
        )
    return ok("; ".join(said))


def _damaged(registry: Registry, kept: Kept) -> dict[str, str]:
    """Name what is damaged: versions that cannot be read, and files that were changed."""
    found = {f"{kept.model}@{kept.numbers.get(id_, id_)}": why for id_, why in kept.damage.items()}
    for version in kept.versions:
        if files := _changed(registry, version):
            found[name_of(version)] = files
    return found


def _changed(registry: Registry, version: Version) -> str:
    return "; ".join(registry.damage(version).values())


def _counted(versions: int) -> str:
    return f"{versions:,} version{'' if versions == 1 else 's'}"
