"""A difference that is looked at again and again, and how many rows it needs.

Who looks after every period and stops when the interval leaves nought will be wrong far more often
than in 5 of 100 cases. The boundary of a normal mixture (Robbins 1970; Howard et al. 2021,
"Time-uniform, nonparametric, nonasymptotic confidence sequences", equation 14; with an estimated
variance, Waudby-Smith et al. 2024, "Time-uniform central limit theory and asymptotic confidence
sequences") holds at all looks together, however many there are and whenever one stops.
"""

from __future__ import annotations

import math

from scipy.special import ndtri

_LEVEL = 0.05
_POWER = 0.8
# The boundary is narrowest, for its size, after about so many days.
_BEST_DAYS = 28.0
_OFF = -2 * math.log(_LEVEL)
_MIXED = _BEST_DAYS / (_OFF + math.log(_OFF) + 1)


def looked_factor(days: float) -> float:
    """Give how many standard errors an interval has to each side after so many days."""
    wider = (days + _MIXED) / days
    return math.sqrt(wider * math.log((days + _MIXED) / (_MIXED * _LEVEL**2)))


def times_needed(difference: float, error: float) -> float:
    """Give how many times the rows are needed to see ``difference`` with a power of 80 %.

    ``error`` is its standard error with the rows there are, which falls with their root (Chow, Shao
    and Wang 2008, "Sample size calculations in clinical research", sections 3.2 and 4.2: n is the
    square of (z of 97.5 % + z of 80 %), times the variance by the square of the difference).
    """
    if difference == 0:
        return math.inf
    z = float(ndtri(1 - _LEVEL / 2) + ndtri(_POWER))
    return (z * error / difference) ** 2


def rows_still_needed(
    difference: float, error: float, rows: int, least: float | None = None
) -> int | None:
    """Give how many rows are missing to see the difference, or a declared ``least`` one.

    ``None`` where there is no difference to be seen.
    """
    times = times_needed(difference if least is None else least, error)
    return max(0, math.ceil(rows * times) - rows) if math.isfinite(times) else None
