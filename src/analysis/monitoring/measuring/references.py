"""What values are compared with: those of the rows that the version was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.models.bundle.record import Bundle
from analysis.monitoring.measuring.asked import Asked, Training
from analysis.monitoring.measuring.extras import Extra, Extras, Key
from analysis.monitoring.measuring.production import Production
from analysis.monitoring.metrics.metric import Metric
from analysis.monitoring.stored.record import ESTIMATED

# Metrics of runs that have another name here.
_NAMES = {"roc_auc": "auc"}
# What is told of fields, of the health of the log.
_SHARES = ("nulls", "unseen", "out_of_range", "absent", "mistyped")
FROM_RUN = "reference: the mean over the folds of the run"


def is_compared(metric: Metric) -> bool:
    """Say whether the value in training says something of that in production."""
    if metric.group == "log health":
        return metric.name in _SHARES
    return metric.group in ("performance", "calibration") and metric.name != "coverage"


def references(
    asked: Iterable[Asked],
    production: Production,
    training: Training,
    bundles: Mapping[str, Bundle],
) -> Extras:
    """Give the value in training of each that has one; else that of the run, for all rows.

    All versions together are compared with the training of the one that answered most rows.
    """
    runs = {version: _of_run(bundle) for version, bundle in bundles.items()}
    for row in asked:
        version = production.reference_version(row.slice)
        if version is None:
            continue
        name = row.metric.removeprefix(ESTIMATED)
        value = training.get((version, name, row.of, row.part))
        run = runs.get(version, {}).get(name) if not row.of else None
        key = Key(row.slice, row.metric, row.of, row.part)
        if value is not None:
            yield key, Extra(reference=value)
        elif run is not None:
            yield key, Extra(reference=run, note=FROM_RUN)


def _of_run(bundle: Bundle) -> Mapping[str, float]:
    return {
        _NAMES.get(metric.name, metric.name): metric.value
        for metric in bundle.metrics
        if metric.value is not None
    }
