"""The metrics of what came true."""

from __future__ import annotations

from analysis.experiments.runs.record import Best, Task
from analysis.monitoring.metrics.metric import ALL, BINARY, CLASSES, NUMBERS, Metric
from analysis.monitoring.metrics.ranks import AUC, AVERAGE_PRECISION, REAL, ranked
from analysis.monitoring.metrics.ratios import ratio

TIES = "scores to a thousandth; rows in the same one count as ties"
_FAWCETT = "Fawcett 2006, Pattern Recognition Letters 27(8), p. 862"
_WILLMOTT = "Willmott & Matsuura 2005, Climate Research 30(1), pp. 79-82"


def _ratio(
    name: str,
    title: str,
    what: str,
    better: Best | None,
    source: str,
    tasks: tuple[Task, ...],
    unit: str = "share",
    segments: bool = True,
) -> Metric:
    query = ratio(name, segments=segments)
    labelled = name != "coverage"
    told = (name, title, what, unit, better, source, None, "performance", tasks, query)
    return Metric(*told, labelled=labelled)  # type: ignore[arg-type]


PERFORMANCE = (
    _ratio("coverage", "Coverage", "rows with a label, of all", "high", "a share", ALL),
    _ratio(
        "base_rate", "Base rate", "positive rows, of those with a label", None, "a share", BINARY
    ),
    Metric(
        "auc",
        "AUC",
        "the share of pairs of a positive and a negative row that the score puts in order",
        "share",
        "high",
        "Hanley & McNeil 1982, Radiology 143(1), p. 31",
        TIES,
        "performance",
        BINARY,
        ranked(AUC, REAL),
        labelled=True,
    ),
    Metric(
        "average_precision",
        "Average precision",
        "precision at each score, weighted with the recall that it adds",
        "share",
        "high",
        "Manning, Raghavan & Schütze 2008, Introduction to Information Retrieval, p. 159",
        TIES,
        "performance",
        BINARY,
        ranked(AVERAGE_PRECISION, REAL),
        labelled=True,
    ),
    _ratio(
        "brier",
        "Brier score",
        "mean squared distance of the probability from what came true",
        "low",
        "Brier 1950, Monthly Weather Review 78(1), p. 1; of two classes the positive one alone",
        CLASSES,
        "",
    ),
    _ratio(
        "log_loss",
        "Log loss",
        "mean of minus the logarithm of the probability of what came true",
        "low",
        "Good 1952, Journal of the Royal Statistical Society B 14(1), pp. 107-114",
        CLASSES,
        "nats",
    ),
    _ratio("accuracy", "Accuracy", "rows with the right class", "high", _FAWCETT, CLASSES),
    _ratio(
        "recall",
        "Recall",
        "flagged rows, of the positive ones",
        "high",
        _FAWCETT,
        BINARY,
        segments=False,
    ),
    _ratio(
        "precision",
        "Precision",
        "positive rows, of the flagged ones",
        "high",
        _FAWCETT,
        BINARY,
        segments=False,
    ),
    _ratio("mae", "MAE", "mean absolute error", "low", _WILLMOTT, NUMBERS, "target"),
    _ratio("rmse", "RMSE", "root of the mean squared error", "low", _WILLMOTT, NUMBERS, "target"),
    _ratio(
        "bias",
        "Bias",
        "mean of prediction minus what came true",
        "zero",
        _WILLMOTT,
        NUMBERS,
        "target",
    ),
)
