"""What refers to candidates, and metrics, fit what is declared."""

from __future__ import annotations

import pytest

from tests.experiments.conftest import changed, checked, failed
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.warehouse.conftest import Folder

REFERRED: list[tuple[str, int, str, str | None]] = [
    ("baseline: rat", 16, "there is no candidate `rat`", "did you mean `rate`?"),
    ("baseline: best", 16, "there is no candidate `best`", "there are rate, logistic"),
    ("baseline: logistic", 16, "is a search space of 2 candidates", "`logistic[C=1]`"),
    ("honesty: {candidates: logistc}", 16, "there is no candidate `logistc`", "`logistic`?"),
    ("honesty:\n  candidates:\n    - rate\n    - x", 19, "there is no candidate `x`", None),
    ("task: regression", 11, "`rate` is for classification, but the task is regression", None),
]


@pytest.mark.parametrize(("added", "line", "what", "hint"), REFERRED)
def test_what_refers_to_candidates(
    folder: Folder, added: str, line: int, what: str, hint: str | None
) -> None:
    error = failed(changed(folder, (LOGISTIC, f"    grid: {{C: [1, 2]}}\n{added}\n")))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")


def test_the_baseline(folder: Folder) -> None:
    """It is the first dummy, what is named, or none."""
    assert checked(changed(folder)).baseline == "rate"
    space = "    grid: {C: [1, 2]}\nbaseline: logistic[C=2]\n"
    assert checked(changed(folder, (LOGISTIC, space))).baseline == "logistic[C=2]"
    assert checked(changed(folder, (RATE + "\n", ""))).baseline is None


METRICS: list[tuple[str, int, str, str | None]] = [
    ("[roc_au]", 7, "there is no metric `roc_au`", "did you mean `roc_auc`"),
    ("\n  - brier\n  - rmse", 9, "`rmse` is no metric of", None),
    ("[calibration_slope, brier]", 7, "does not say which candidate is better", "begin with one"),
    ("r2", 7, "`r2` is no metric of", None),
]


@pytest.mark.parametrize(("metrics", "line", "what", "hint"), METRICS)
def test_metrics_that_do_not_fit(
    folder: Folder, metrics: str, line: int, what: str, hint: str | None
) -> None:
    error = failed(changed(folder, ("[roc_auc, brier]", metrics)))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")
