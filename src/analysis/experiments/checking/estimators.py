"""Seeing that the estimators of candidates are what their places need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from analysis.errors import ProjectError
from analysis.experiments.candidates.candidate import Candidate, Part
from analysis.experiments.candidates.code import check_own_names, paths_of_part
from analysis.experiments.candidates.making import make
from analysis.experiments.candidates.owncode import guarded
from analysis.experiments.declared.experiment import ColumnKind
from analysis.project import Project

# Estimators of scikit-learn that take categories as pandas has them, or look at no feature.
_TAKES_CATEGORIES = (
    "sklearn.ensemble.HistGradientBoostingClassifier",
    "sklearn.ensemble.HistGradientBoostingRegressor",
    "sklearn.dummy.DummyClassifier",
    "sklearn.dummy.DummyRegressor",
)
Aim = Literal["classification", "regression"]


def check_estimators(project: Project, candidates: tuple[Candidate, ...]) -> dict[str, Aim]:
    """Make every estimator once; say of each family what it is for.

    Raises
    ------
    ProjectError
        One is not allowed, takes no such parameters, or does not fit its place.
    """
    check_own_names(project, candidates)
    aims: dict[str, Aim] = {}
    seen: list[Part] = []
    for candidate in candidates:
        for part in candidate.parts[:-1]:
            if part not in seen:
                seen.append(part)
                made = make(project, part)
                with guarded(project, f"`{part.estimator}` fails", part.place):
                    _check_step(made, part)
        model = candidate.model
        made = make(project, model)
        with guarded(project, f"`{model.estimator}` fails", model.place):
            aims[candidate.family] = _aim(made, model)
    return aims


def check_categories(candidate: Candidate, columns: Mapping[str, ColumnKind]) -> None:
    """See that no category reaches a model of scikit-learn which takes numbers only.

    That fails fold by fold, or takes texts that look like numbers for them. What steps, estimators
    in parameters and the project's own do with categories is not known here.

    Raises
    ------
    ProjectError
        One does; at the candidate.
    """
    model = candidate.model
    through = [name for name, kind in columns.items() if kind == "category"]
    holds_others = len(list(paths_of_part(model))) > 1
    if (
        not through
        or candidate.preprocessing["category"]
        or candidate.steps
        or holds_others
        or not model.estimator.startswith("sklearn.")
        or model.estimator in _TAKES_CATEGORIES
    ):
        return
    raise ProjectError(
        f"`{candidate.family}` takes numbers only, but `{through[0]}` is a category",
        model.place.where,
        "add `preprocessing: {category: sklearn.preprocessing.OneHotEncoder}`, or choose other "
        "`features`",
    )


def _check_step(estimator: Any, part: Part) -> None:
    if not callable(getattr(estimator, "transform", None)):
        raise ProjectError(
            f"`{part.estimator}` cannot stand before a model, for it does not transform rows",
            part.place.at("estimator").where,
            "steps and preprocessing have a method `transform`",
        )


def _aim(estimator: Any, part: Part) -> Aim:
    from sklearn.base import is_classifier, is_regressor

    where = part.place.at("estimator").where
    # Asked of the class: a stack of estimators has the method only when it is fitted.
    if not callable(getattr(type(estimator), "predict", None)):
        raise ProjectError(
            f"`{part.estimator}` does not predict", where, "a candidate ends in a model"
        )
    if is_classifier(estimator):
        return "classification"
    if is_regressor(estimator):
        return "regression"
    raise ProjectError(
        f"`{part.estimator}` is neither a classifier nor a regressor",
        where,
        "inherit from sklearn.base.ClassifierMixin or RegressorMixin first, then BaseEstimator"
        if not part.estimator.startswith("sklearn.")
        else "name a classifier or a regressor",
    )
