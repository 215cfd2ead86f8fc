"""Regressions, several classes, and training rows without scores are measured, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.runs.record import MetricValue
from analysis.monitoring.estimating.unlabelled import IF_CALIBRATED
from analysis.monitoring.measuring.measure import measure
from analysis.monitoring.measuring.references import FROM_RUN
from tests.helpers.bundles import bundle_of
from tests.helpers.monitored import count, random_rows
from tests.monitoring.measured_rows import MONITOR, one_of, open_counts, training_rows


def _rows() -> pd.DataFrame:
    return pd.concat([training_rows(), random_rows(6000, seed=2, days=31)])


@pytest.mark.parametrize("task", ["regression", "multiclass"])
def test_other_tasks_have_intervals_of_their_own_metrics(task: str) -> None:
    bundle = bundle_of(task)  # type: ignore[arg-type]
    with open_counts(count(_rows())) as con:
        found = measure(con, MONITOR, {"v1": bundle})
    metric = "bias" if task == "regression" else "accuracy"
    one = one_of(found, metric, "2013-07")
    part = one_of(found, metric, "2013-07", of="segment:carrier", part="AA")

    for told in (one, part):
        assert told.value is not None
        assert told.low is not None
        assert told.low < told.value < (told.high or 0)
        assert told.reference is not None
    assert not [told for told in found if told.metric.startswith("estimated_")]
    names = {told.metric for told in found}
    assert ("rmse" in names) is (task == "regression")


def test_training_rows_without_scores_leave_the_run_as_reference() -> None:
    """As where predictions of the folds are not kept any more."""
    counted = count(_rows())
    cells = counted.cells
    training = cells.origin == "training"
    cells = cells[~(training & (cells.field == "@score"))].copy()
    training = cells.origin == "training"
    names = ["score", "expected", "brier", "log_loss", "correct", "flagged", "hits"]
    cells.loc[training, [*names, "absolute", "squared"]] = np.nan
    cells = cells.astype(dict.fromkeys(("correct", "flagged", "hits"), "Int64"))
    told = MetricValue("roc_auc", 0.77, 0.7, 0.8, 0.7, 0.8, "high")
    bundle = replace(bundle_of("binary"), metrics=(told,))
    with open_counts(replace(counted, cells=cells)) as con:
        found = measure(con, MONITOR, {"v1": bundle})

    one = one_of(found, "auc", "2013-07")
    assert (one.reference, one.note) == (0.77, FROM_RUN)
    estimate = one_of(found, "estimated_auc", "2013-07")
    assert estimate.low is not None
    assert IF_CALIBRATED in (estimate.note or "")
    assert one_of(found, "brier", "2013-07").reference is None
