"""Last steps of a pipeline, each as expressions of SQL."""

from __future__ import annotations

from analysis.models.sql.boosting import boosted_classifier, boosted_regressor
from analysis.models.sql.calibrated import calibrated
from analysis.models.sql.dummy import dummy_classifier, dummy_regressor
from analysis.models.sql.forests import tree_classifier, tree_regressor
from analysis.models.sql.histogram import histogram_classifier, histogram_regressor
from analysis.models.sql.linear import (
    generalised_regression,
    linear_classifier,
    linear_regression,
    logistic,
    stochastic,
)
from analysis.models.sql.members import (
    bagging_classifier,
    bagging_regressor,
    frozen,
    pipelined,
    stacked,
    transformed_target,
    voting_classifier,
    voting_regressor,
)
from analysis.models.sql.scores import KNOWN, Scores, scored

__all__ = ["Scores", "scored"]

KNOWN.update(
    dict.fromkeys(
        (
            "ARDRegression",
            "BayesianRidge",
            "ElasticNet",
            "ElasticNetCV",
            "HuberRegressor",
            "Lars",
            "LarsCV",
            "Lasso",
            "LassoCV",
            "LassoLars",
            "LassoLarsCV",
            "LassoLarsIC",
            "LinearRegression",
            "LinearSVR",
            "OrthogonalMatchingPursuit",
            "OrthogonalMatchingPursuitCV",
            "QuantileRegressor",
            "Ridge",
            "RidgeCV",
            "SGDRegressor",
            "TheilSenRegressor",
        ),
        linear_regression,
    ),
)
KNOWN.update(
    GammaRegressor=generalised_regression,
    PoissonRegressor=generalised_regression,
    TweedieRegressor=generalised_regression,
    LinearSVC=linear_classifier,
    Perceptron=linear_classifier,
    RidgeClassifier=linear_classifier,
    RidgeClassifierCV=linear_classifier,
    LogisticRegression=logistic,
    LogisticRegressionCV=logistic,
    LinearDiscriminantAnalysis=logistic,
    SGDClassifier=stochastic,
    DummyClassifier=dummy_classifier,
    DummyRegressor=dummy_regressor,
    DecisionTreeClassifier=tree_classifier,
    DecisionTreeRegressor=tree_regressor,
    ExtraTreeClassifier=tree_classifier,
    ExtraTreeRegressor=tree_regressor,
    ExtraTreesClassifier=tree_classifier,
    ExtraTreesRegressor=tree_regressor,
    RandomForestClassifier=tree_classifier,
    RandomForestRegressor=tree_regressor,
    GradientBoostingClassifier=boosted_classifier,
    GradientBoostingRegressor=boosted_regressor,
    HistGradientBoostingClassifier=histogram_classifier,
    HistGradientBoostingRegressor=histogram_regressor,
    CalibratedClassifierCV=calibrated,
    BaggingClassifier=bagging_classifier,
    BaggingRegressor=bagging_regressor,
    FrozenEstimator=frozen,
    Pipeline=pipelined,
    StackingClassifier=stacked,
    StackingRegressor=stacked,
    TransformedTargetRegressor=transformed_target,
    VotingClassifier=voting_classifier,
    VotingRegressor=voting_regressor,
)
