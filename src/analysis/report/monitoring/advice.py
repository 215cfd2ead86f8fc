"""What a kind of number means for those who use a model, and what to do when it is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis.monitoring.stored.record import ESTIMATED

DRIFT: Final = frozenset({"psi", "jensen_shannon", "wasserstein", "chi2", "linf", "consequence"})
CALIBRATION: Final = frozenset(
    {"observed_expected", "calibration_slope", "calibration_intercept", "bias"}
)
HEALTH: Final = frozenset({"nulls", "unseen", "out_of_range", "absent", "mistyped"})
SERVICE: Final = frozenset(
    {"rows", "requests", "error_rate", "errors", "latency_p50", "latency_p95", "latency_p99"}
)


@dataclass(frozen=True)
class Advice:
    """Two sentences: what it means, and what to do."""

    meaning: str
    to_do: str


def advice(metric: str) -> Advice:
    """Give what is true of a metric in any model."""
    plain = metric.removeprefix(ESTIMATED)
    for names, said in _BY_KIND:
        if plain in names:
            return said
    return _ESTIMATED if plain != metric else _PERFORMANCE


_BY_KIND: Final = (
    (
        CALIBRATION,
        Advice(
            "The level of the predictions is off: they are too high or too low on the whole, even "
            "if they still put cases in the right order.",
            "Do not take the predicted numbers at face value, nor decisions by a fixed threshold. "
            "Recalibrate on the latest labels, or train again with them.",
        ),
    ),
    (
        DRIFT,
        Advice(
            "What the model sees has another distribution than what it learned from. That alone "
            "makes no prediction wrong.",
            "Look at performance and calibration of the same period first. If they hold, nothing "
            "needs to be done; if they do not, or there are no labels yet, begin with the fields "
            "that the model relies on most.",
        ),
    ),
    (
        HEALTH,
        Advice(
            "Values reach the model that it did not learn from: they are missing, new, out of the "
            "range of the training, or of another type.",
            "Look at where the field comes from: such changes are mostly faults on the way and "
            "not in the world.",
        ),
    ),
    (
        SERVICE,
        Advice(
            "The service answers less, slower, or refuses more than it should.",
            "Look at the server's log and at those who call it; the model itself is not in "
            "question.",
        ),
    ),
    (
        frozenset({"coverage"}),
        Advice(
            "Labels are missing, so that less is known of how good the model is.",
            "Look at where labels come from, and whether those that are missing are special.",
        ),
    ),
    (
        frozenset({"base_rate"}),
        Advice(
            "What the model predicts has become more or less frequent. Whether it has followed is "
            "what calibration says.",
            "Look at calibration of the same period; if that holds, nothing needs to be done.",
        ),
    ),
    (
        frozenset({"ab_difference", "ab_better", "ab_needed"}),
        Advice(
            "The challenger and the champion are told apart, or are not yet.",
            "Look at their comparison below, and decide which of them is to answer.",
        ),
    ),
)
_PERFORMANCE: Final = Advice(
    "The model is not as good at its task as it was in training.",
    "Look at the segments below for where it fails, and at drift for why; then train again with "
    "the latest labels, or go back to an earlier version.",
)
_ESTIMATED: Final = Advice(
    "Judged by its own probabilities, the model does not do as in training. This is an estimate, "
    "and supposes that the probabilities are right.",
    "Get labels for this period, and see in the ledger below how far estimates came true before.",
)
