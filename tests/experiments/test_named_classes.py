"""Parameters that name classes: as the target has them, whatever their codes are."""

from __future__ import annotations

import pytest

from analysis.experiments.candidates.classes import coded
from tests.experiments.conftest import changed, error_of, resolved
from tests.experiments.test_mistakes import LOGISTIC, RATE
from tests.experiments.test_resolving import SIZES
from tests.warehouse.conftest import Folder

CALIBRATED = """\
  calibrated:
    estimator: sklearn.calibration.CalibratedClassifierCV
    parameters:
      estimator:
        estimator: sklearn.linear_model.LogisticRegression
        parameters: {class_weight: {small: 9}}
"""


@pytest.mark.parametrize(
    ("before", "written", "meant"),
    [
        (SIZES, "class_weight: {small: 9, large: 2}", {2: 9, 0: 2}),
        ((), "class_weight: {true: 5, false: 1}", {1: 5, 0: 1}),
        ((), "class_weight: balanced", "balanced"),
    ],
)
def test_weights_are_those_of_the_classes_named(
    parcels: Folder, before: tuple[tuple[str, str], ...], written: str, meant: object
) -> None:
    """A model is trained on codes, of which nobody who writes an experiment knows."""
    changed(parcels, *before, (LOGISTIC, f"    parameters: {{{written}}}"))
    found = resolved(parcels)
    model = coded(found.candidates[1], found.classes).model
    assert model.parameters["class_weight"] == meant


def test_estimators_in_parameters(parcels: Folder) -> None:
    """Theirs are coded, too; and the class that a dummy always predicts."""
    rate = "  rate: {estimator: sklearn.dummy.DummyClassifier, parameters: {PARAMETERS}}"
    rate = rate.replace("PARAMETERS", "strategy: constant, constant: medium")
    changed(parcels, *SIZES, (RATE, rate), ("  logistic:\n", f"{CALIBRATED}  logistic:\n"))
    found = resolved(parcels)
    dummy, calibrated, _ = (coded(one, found.classes).model for one in found.candidates)
    assert dummy.parameters["constant"] == 1
    assert calibrated.parameters["estimator"]["parameters"] == {"class_weight": {2: 9}}


def test_a_class_that_is_not_there(parcels: Folder) -> None:
    """It is told with its line: scikit-learn would take ``1`` for the second class."""
    changed(parcels, *SIZES, (LOGISTIC, "    parameters: {class_weight: {1: 9}}"))
    error = error_of(parcels)
    assert str(error.where).startswith("data/experiments/late.yml:")
    assert error.what == "`class_weight` names the class `1`, which the target has not"
    assert error.hint == "it has `large`, `medium`, `small`"
