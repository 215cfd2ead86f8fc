"""How honest the numbers of an experiment are: other splits, and the choice of the best."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.cli.experiment.names import Tried
from analysis.cli.experiment.table import shortened, table
from analysis.cli.experiment.words import value, within
from analysis.experiments.comparing.honesty import honesty


def panel(tried: Tried) -> Iterator[str]:
    """Write each candidate under the declared split and under others; nothing if there are none."""
    rows = [
        (
            shortened(row.candidate, 28),
            row.split + (" (declared)" if row.declared else ""),
            within(row.value, row.low, row.high),
            ""
            if row.difference is None
            else within(row.difference, row.difference_low, row.difference_high, sign=True),
        )
        for row in honesty(tried.runs, tried.summary)
    ]
    if rows:
        yield "\nunder other splits"
        yield from table(("candidate", "split", tried.summary.metric, "from the declared"), rows)


def bias(tried: Tried) -> str | None:
    """Say in a sentence how much the choice of the best flatters it."""
    summary = tried.summary
    leader = next((run for run in tried.runs if run.run == summary.leader), None)
    found = leader.metric(summary.metric) if leader else None
    if summary.selection_bias is None or found is None or found.value is None:
        return None
    sign = 1 if found.best == "high" else -1
    expected = found.value - sign * summary.selection_bias
    return (
        f"The best was chosen on the folds that judge it, which flatters its {summary.metric} by "
        f"about {value(summary.selection_bias, sign=True).lstrip('+')}:\nexpect {value(expected)} "
        f"of it, and not {value(found.value)} (Tibshirani and Tibshirani 2009)."
    )
