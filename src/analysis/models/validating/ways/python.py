"""Predicting in Python, with the model as it is loaded from the bundle."""

from __future__ import annotations

from importlib.metadata import version

from analysis.models.validating.subject import Answers, Subject, WrongError


def through_python(subject: Subject) -> Answers:
    """Predict the golden cases.

    Raises
    ------
    WrongError
        The model predicts nothing.
    """
    try:
        outputs = subject.predictor.predict(subject.columns())
    except ValueError as error:
        raise WrongError(str(error)) from None
    names = [*outputs]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*outputs.values(), strict=True)]
    return Answers(version("scikit-learn"), rows)
