"""What is told of an experiment: its runs, the best of them, and how they compare."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.experiments.comparing.compared import compare
from analysis.experiments.comparing.honesty import other_splits
from analysis.experiments.comparing.measured import Measured, measured
from analysis.experiments.comparing.order import baseline_of, candidates, leader_of
from analysis.experiments.comparing.selection import selection_bias
from analysis.experiments.metrics.metric import Metric
from analysis.experiments.runs import store
from analysis.experiments.runs.record import FORMAT, Comparison, Listed, Run, Summary, Task
from analysis.project import Project


@dataclass(frozen=True)
class About:
    """What is declared of an experiment; ``candidates`` counts them, search spaces counted out.

    ``split`` and ``blocks`` are told as a person reads them. ``baseline`` is a candidate.
    ``declaration`` is a fingerprint of what the file says.
    """

    experiment: str
    question: str
    owner: str | None
    task: Task
    sample: str
    features: tuple[str, ...]
    target: str
    positive: str | None
    metrics: tuple[Metric, ...]
    split: str
    blocks: str
    candidates: int
    baseline: str | None
    declaration: str | None = None


def summarize(
    project: Project,
    about: About,
    current: Collection[str],
    inputs: Mapping[str, str] | None = None,
) -> Summary:
    """Read the runs of an experiment and compare those that are of what is declared now.

    ``current`` names these. ``inputs`` are those of ``runs.inputs.inputs_of``. Nothing is written.
    """
    runs = store.runs_of(project, about.experiment)
    compared = candidates(runs, current)
    names = tuple(metric.name for metric in about.metrics)
    leader = leader_of(compared, names[0])
    baseline = baseline_of(compared, about.baseline, names[0])
    bias = selection_bias(compared, names[0])
    return Summary(
        format=FORMAT,
        experiment=about.experiment,
        question=about.question,
        owner=about.owner,
        task=about.task,
        sample=about.sample,
        features=about.features,
        target=about.target,
        positive=about.positive,
        metric=names[0],
        best=about.metrics[0].best,
        metrics=names,
        split=about.split,
        blocks=about.blocks,
        candidates=about.candidates,
        leader=leader.run if leader else None,
        baseline=baseline.run if baseline else None,
        updated=max((run.created for run in runs), default=""),
        runs=tuple(
            Listed(run.run, store.digest_of(project, run), run.run in current) for run in runs
        ),
        comparisons=tuple(_comparisons(project, runs, current, names, (leader, baseline))),
        inputs=inputs or {},
        selection_bias=bias.bias if bias else None,
        declaration=about.declaration,
    )


def _comparisons(
    project: Project,
    runs: Sequence[Run],
    current: Collection[str],
    metrics: Sequence[str],
    others: tuple[Run | None, Run | None],
) -> Iterator[Comparison]:
    known: dict[str, Measured] = {}

    def read(run: Run) -> Measured:
        if run.run not in known:
            known[run.run] = measured(run, metrics, store.replicates_of(project, run))
        return known[run.run]

    leader, baseline = others
    compared = [read(run) for run in candidates(runs, current)]
    if leader is not None:
        yield from compare(compared, read(leader), "best", metrics)
    if baseline is not None:
        yield from compare(compared, read(baseline), "baseline", metrics)
    for own, elsewhere in other_splits(runs, current):
        yield from compare([read(run) for run in elsewhere], read(own), "split", metrics)
