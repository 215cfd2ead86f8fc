"""Which models are monitored: those that are declared, and those that have a log."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from analysis.errors import ProjectError
from analysis.lineage.system import MONITORING_FOLDER, PREDICTIONS_FOLDER
from analysis.models.registry.naming import is_model_name
from analysis.models.registry.registry import Registry
from analysis.monitoring.declared.file import read_monitors
from analysis.monitoring.declared.fitting import check_fit
from analysis.monitoring.declared.record import FILE, Monitor
from analysis.project import Project


def watched(project: Project, registry: Registry, names: Sequence[str] = ()) -> tuple[Monitor, ...]:
    """Give how each model is monitored, or only those with the ``names``.

    Raises
    ------
    ProjectError
        What is declared is wrong, with file and line; or there is no model of this name.
    """
    found = _with_files(project)
    declared = read_monitors(project)
    check_fit(declared, registry, found)
    every = {model: Monitor(model) for model in found} | dict(declared.monitors)
    for name in names:
        if name not in every:
            raise _missing(name, list(every))
    return tuple(every[model] for model in sorted(every) if not names or model in names)


def _with_files(project: Project) -> list[str]:
    """Name the models with a log, or with what was counted of one."""
    folders = (project.root / PREDICTIONS_FOLDER, project.root / MONITORING_FOLDER)
    return [
        model.name
        for folder in folders
        for model in (folder.iterdir() if folder.is_dir() else ())
        if is_model_name(model.name) and model.is_dir() and any(model.iterdir())
    ]


def _missing(name: str, known: Sequence[str]) -> ProjectError:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"declare it in {FILE}"
    return ProjectError(f"no model `{name}` is monitored", hint=hint)
