"""Reading the record of one run, so that its page depends on nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.lineage import note_run, unobserved
from analysis.project import find_project

if TYPE_CHECKING:
    import pandas as pd

    from analysis.experiments.runs.record import Run


def record(experiment: str, run: str) -> Run:
    """Read what is told of a run.

    Raises
    ------
    ExperimentError
        There is no such run, or its record is damaged.
    """
    from analysis.experiments.runs.store import find_run

    note_run(experiment, run)
    with unobserved():
        return find_run(find_project(Path.cwd()), run, experiment)


def points(run: Run, kinds: Sequence[str]) -> pd.DataFrame:
    """Give the points of curves of a run, a row each."""
    import pandas as pd

    from analysis.experiments.runs.store import curves_of

    with unobserved():
        found = curves_of(find_project(Path.cwd()), run)
    parts = [
        pd.DataFrame(
            {
                "candidate": run.candidate,
                "curve": curve.curve,
                "series": curve.series,
                "x": curve.x,
                "y": curve.y,
                "low": curve.low,
                "high": curve.high,
                "n": curve.n,
                "name": curve.names,
            }
        )
        for curve in found
        if curve.curve in kinds
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
