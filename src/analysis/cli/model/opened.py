"""The registry as commands use it: what is not as it should be is named in warnings."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.cli.console import warn
from analysis.errors import Remark
from analysis.models.bundle.record import Version
from analysis.models.registry.naming import parsed
from analysis.models.registry.reading import Kept
from analysis.models.registry.registry import Registry, open_registry
from analysis.project import Project


def opened(project: Project) -> Registry:
    """Open the registry of a project, and name what does not belong there."""
    registry = open_registry(project)
    warn_of(registry.remarks)
    return registry


def found(registry: Registry, name: str) -> tuple[Version, Kept]:
    """Find a version, and what else is kept of its model; what is damaged is named.

    Raises
    ------
    ModelError
        There is none.
    """
    version = registry.find(name)
    kept = registry.kept(parsed(name).model)
    warn_of(kept.remarks)
    return version, kept


def warn_of(remarks: Sequence[Remark]) -> None:
    """Print warnings."""
    for remark in remarks:
        warn(remark.where, remark.what)
