"""Runs that have no value of a metric, though some folds and draws do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from analysis.experiments.comparing.compared import compare
from analysis.experiments.comparing.measured import Measured
from tests.helpers.projects import write_project
from tests.helpers.runs import write_run


def test_without_a_value_nothing_is_told_apart(tmp_path: Path) -> None:
    """Draws and folds may have values where the metric as a whole has none."""
    run = write_run(write_project(tmp_path, {}), "trial")
    folds, drawn = np.arange(5.0)[:, None] / 9, np.linspace(0, 0.1, 200)[:, None]
    best = Measured(run, np.array([9.0]), 9 + folds, 9 + drawn)
    none = Measured(replace(run, run="none"), np.array([np.nan]), folds**2, drawn)
    [gap] = compare([none], best, "best", ("m",))
    assert (gap.difference, gap.low, gap.high, gap.p) == (None,) * 4
    assert not gap.distinguishable
