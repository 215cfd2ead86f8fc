"""Which runs are laid over each other in a chart, and in what colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from analysis.report.experiments.told import ToldExperiment, ToldRun
from analysis.report.palette import CATEGORIES, MUTED

# More lines cannot be told apart. The last colour of the palette is the baseline's.
MOST = 7
_BEST = 3
COLOURS = CATEGORIES[:6]
BASELINE = MUTED


def chosen(told: ToldExperiment, runs: Sequence[str] | None = None) -> tuple[ToldRun, ...]:
    """Choose runs to look at together, the best first.

    ``runs`` are names of runs or candidates; by default the best three, the baseline and the best
    of each declared candidate, as many as can be told apart.
    """
    if runs is not None:
        wanted = set(runs)
        return tuple(run for run in told.done if {run.run, run.candidate} & wanted)[:MOST]
    firsts = {run.family: run.run for run in reversed(told.done)}
    baseline = [run.run for run in told.done if run.run == told.baseline]
    order = [run.run for run in told.done[:_BEST]] + baseline
    order += [run.run for run in told.done if run.run in firsts.values()]
    kept = set(list(dict.fromkeys(order))[:MOST])
    return tuple(run for run in told.done if run.run in kept)


def colours(told: ToldExperiment, runs: Sequence[ToldRun]) -> Any:
    """Give the colour of each run by its label, as a scale of Altair."""
    from analysis.report.charts import alt

    others = iter(COLOURS)
    found = {
        told.labels[run.run]: BASELINE if run.run == told.baseline else next(others, BASELINE)
        for run in runs
    }
    return alt.Scale(domain=list(found), range=list(found.values()))


def legend(labels: Iterable[str], **look: Any) -> Any:
    """Give a legend with as many columns as have room beside each other."""
    from analysis.report.charts import alt

    longest = max(map(len, labels), default=0)
    columns = next((n for n, letters in _COLUMNS.items() if longest <= letters), 1)
    return alt.Legend(title=None, columns=columns, labelLimit=560, **look)


_COLUMNS = {4: 14, 3: 22, 2: 38}


def family_colours(told: ToldExperiment) -> Any:
    """Give the colour of each declared candidate; those after the sixth share one."""
    from analysis.report.charts import alt

    return alt.Scale(domain=list(family_names(told)), range=[*COLOURS, BASELINE])


def family_names(told: ToldExperiment) -> tuple[str, ...]:
    """Name the declared candidates that have a colour of their own, and `others` for the rest."""
    names = told.families
    if len(names) <= len(COLOURS) + 1:
        return names
    return (*names[: len(COLOURS)], OTHERS)


def family_name(told: ToldExperiment, run: ToldRun) -> str:
    """Name the declared candidate of a run as the legend does."""
    return run.family if run.family in family_names(told) else OTHERS


OTHERS = "others"
