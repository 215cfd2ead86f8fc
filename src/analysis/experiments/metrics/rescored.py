"""Any other scorer of scikit-learn in draws of blocks: it is asked again for each draw."""

from __future__ import annotations

import numpy as np

from analysis.experiments.metrics.means import Redrawn
from analysis.experiments.metrics.predictions import Codes, Floats, Predictions
from analysis.experiments.metrics.scorers import Scored
from analysis.experiments.metrics.totals import Drawn


def rescored(name: str, predictions: Predictions) -> Redrawn:
    """Give a function from draws to the scorer's value in each draw and fold."""
    scored = Scored(name, predictions)
    folds = list(predictions.rows_by_fold())

    def drawn_scores(drawn: Drawn) -> Floats:
        return np.array(
            [[_of(scored, rows, predictions, blocks) for rows in folds] for blocks in drawn.weights]
        )

    return drawn_scores


def _of(scored: Scored, rows: Codes, predictions: Predictions, blocks: Codes) -> float:
    return scored.weighted(rows, blocks[predictions.block[rows]])
