"""What follows for an experiment from the rows that the warehouse has for it."""

from __future__ import annotations

from tests.experiments.conftest import resolved
from tests.warehouse.conftest import Folder


def test_an_experiment_in_short(parcels: Folder) -> None:
    """Task, classes, columns, splits and blocks follow from the data."""
    found = resolved(parcels)
    assert (found.task, found.target, found.positive) == ("binary", "late", "true")
    assert found.classes == ("false", "true")
    assert [(metric.name, metric.best) for metric in found.metrics] == [
        ("roc_auc", "high"),
        ("brier", "low"),
    ]
    assert found.kinds == {
        "weight": "number",
        "express": "boolean",
        "town": "category",
        "parcels": "number",
    }
    logistic = found.candidates[1]
    assert found.features_of(logistic) == {
        "features.parcel": ("weight", "express", "town"),
        "features.load": ("parcels",),
    }
    assert (found.split.label, found.split.column) == ("by day, 5 folds", "sent")
    assert [rule.label for rule in found.honesty] == ["random, 5 folds", "forward by sent, 5 folds"]
    assert (found.blocks.label, found.blocks.column) == ("day", "sent")
    assert found.checked.baseline == "rate"
