"""The noise floor: how far a period is from its reference though nothing changed.

Rows of neighbouring days are alike, and seasons go by within the reference too. So runs of days of
the reference, as long as the period, are compared with all other days of it: moving blocks
(Künsch 1989, "The jackknife and the bootstrap for general stationary observations"; the blocks are
taken as the sample that they are, as in the subsampling of Politis and Romano 1994). A run has as
many rows as the period, at most: fewer rows are noisier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.experiments.metrics.draws import FEWEST
from analysis.experiments.metrics.predictions import Codes, Floats
from analysis.monitoring.estimating.drifts import Drift

_WINDOWS = 80
_SHARE = 0.95


def runs_of_days(reference: Floats, length: int) -> Floats:
    """Sum runs of days of (days, bins), evenly spread, the last days going on with the first.

    A run is at most half of the days; there are as many as there are days, up to a limit. None
    from less than five days.
    """
    days = len(reference)
    if days < FEWEST:
        return reference[:0]
    kept = max(1, min(length, days // 2))
    begins = np.unique(np.linspace(0, days, min(days, _WINDOWS), endpoint=False).astype(np.int64))
    whole = np.concatenate([np.zeros((1, reference.shape[1])), reference, reference[:kept]])
    through = whole.cumsum(axis=0)
    return np.asarray(through[begins + kept] - through[begins], np.float64)


def highest_by_chance(found: Floats) -> float | None:
    """Give what 95 of 100 values stay below; ``None`` if there is none."""
    found = np.sort(found[np.isfinite(found)])
    if not len(found):
        return None
    return float(np.interp(_SHARE * (len(found) - 1), np.arange(len(found)), found))


@dataclass(frozen=True)
class Chance:
    """Runs of days of a reference, each with all other days of it, as rows by bin."""

    runs: Floats
    others: Floats

    def floor(self, drift: Drift) -> float | None:
        """Give what ``drift`` stays below in 95 of 100 runs; ``None`` if it is not defined."""
        return highest_by_chance(drift(self.runs, self.others))

    def merged(self, place: Codes) -> Chance:
        """Put bins together: ``place`` says where each goes, from 0 on."""
        to = np.eye(int(place.max(initial=0)) + 1)[place]
        return Chance(self.runs @ to, self.others @ to)


def chance(reference: Floats, length: int, rows: int) -> Chance | None:
    """Compare runs of ``length`` days and ``rows`` rows of (days, bins) with the others.

    ``None`` if there are too few days, or no rows.
    """
    total = reference.sum(axis=0)
    taken = runs_of_days(reference, length)
    if not len(taken) or rows <= 0:
        return None
    return Chance(_thinned(taken, rows), total - taken)


def noise_floor(drift: Drift, reference: Floats, length: int, rows: int) -> float | None:
    """Give what ``drift`` stays below in 95 of 100 periods of ``length`` days and ``rows`` rows.

    ``reference`` are rows by day and bin. ``None`` if it has too few days.
    """
    found = chance(reference, length, rows)
    return found.floor(drift) if found else None


def _thinned(taken: Floats, rows: int) -> Floats:
    """Draw so many of the rows of each run that has more of them; the same ones each time."""
    totals = taken.sum(axis=-1)
    more = totals > rows
    if not more.any():
        return taken
    chances = taken[more] / totals[more, None]
    drawn = np.random.default_rng(0).multinomial(rows, chances)
    found = taken.copy()
    found[more] = drawn
    return found
