"""What runs were trained on, as the warehouse's record fingerprints it without being opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.experiments.runs.record import Run
from analysis.lineage.relations import read_relations
from analysis.lineage.runs import columns_used, fingerprints
from analysis.project import Project


def inputs_of(project: Project, runs: Iterable[Run]) -> Mapping[str, str]:
    """Give fingerprints of the columns on which ``runs`` were trained, as they are now.

    They go into the summary of an experiment when its runs were found to be current.
    """
    data = [run.data for run in runs]
    used = {
        (view, column)
        for one in data
        for view, column in columns_used(one.sample, one.features, one.key, one.target)
    }
    return fingerprints(read_relations(project), sorted(used))
