"""Metrics that are one sum by another; names as in ``meta.measured`` and ``meta.cells``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics.means import ratio
from analysis.experiments.metrics.predictions import Floats


@dataclass(frozen=True)
class Ratio:
    """The sum ``above`` (less ``less``) by the sum ``below``; ``root``: then its square root."""

    above: str
    below: str
    least: float = 0.0
    most: float = np.inf
    less: str | None = None
    root: bool = False

    def of(self, sums: Mapping[str, Floats]) -> Floats:
        """Give it from sums; NaN where nothing is below."""
        above = sums[self.above] - sums[self.less] if self.less else sums[self.above]
        found = ratio(above, sums[self.below])
        return np.asarray(np.sqrt(found) if self.root else found, np.float64)


_SHARES = {
    "base_rate": Ratio("label", "labelled", most=1.0),
    "accuracy": Ratio("correct", "labelled", most=1.0),
    "recall": Ratio("hits", "label", most=1.0),
    "precision": Ratio("hits", "flagged", most=1.0),
}
_LOSSES = {
    "brier": Ratio("brier", "labelled", most=2.0),
    "log_loss": Ratio("log_loss", "labelled"),
}
_NUMBERS = {
    "mae": Ratio("absolute", "labelled"),
    "rmse": Ratio("squared", "labelled", root=True),
    "bias": Ratio("expected", "labelled", less="label", least=-np.inf),
}
OBSERVED_EXPECTED = Ratio("label", "expected")
RATIOS: Mapping[str, Ratio] = {
    **_SHARES,
    **_LOSSES,
    **_NUMBERS,
    "observed_expected": OBSERVED_EXPECTED,
}
