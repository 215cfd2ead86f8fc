"""Where what is kept of the monitoring of a model lies."""

from __future__ import annotations

from pathlib import Path

from analysis.lineage.system import LABELS_FOLDER, MONITORING_FOLDER, PREDICTIONS_FOLDER
from analysis.project import Project


def log_folder(project: Project, model: str) -> Path:
    """Give the folder of the model's log of predictions."""
    return project.root / PREDICTIONS_FOLDER / model


def labels_folder(project: Project, model: str) -> Path:
    """Give the folder of the model's labels."""
    return project.root / LABELS_FOLDER / model


def monitoring_folder(project: Project, model: str) -> Path:
    """Give the folder of what was counted and told of the model."""
    return project.root / MONITORING_FOLDER / model
