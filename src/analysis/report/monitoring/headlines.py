"""The numbers that tell most of a model: by its task, and as far as there are labels."""

from __future__ import annotations

from analysis.report.monitoring.told import Series, ToldMonitor
from analysis.report.monitoring.words import HEADLINES, PERFORMANCE, SCORE

_MOST = 2


def headlines(told: ToldMonitor) -> tuple[Series, ...]:
    """Choose one or two numbers by period: measured with labels, else estimated, else drift."""
    wanted = HEADLINES.get(told.task or "", ())
    names = dict.fromkeys((*wanted, *PERFORMANCE))
    measured = [told.known(name) for name in names]
    if found := tuple(filter(None, measured)):
        return found[:_MOST]
    estimated = [told.known(f"estimated_{name}") for name in names]
    if found := tuple(filter(None, estimated)):
        return found[:_MOST]
    drift = told.known("psi", SCORE)
    return (drift,) if drift else ()
