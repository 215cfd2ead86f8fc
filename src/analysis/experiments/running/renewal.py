"""Renewing what is told of an experiment after its runs have changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from analysis.experiments.comparing.summary import About, summarize
from analysis.experiments.metrics.metric import find_metric
from analysis.experiments.running.study import Study
from analysis.experiments.runs.inputs import inputs_of
from analysis.experiments.runs.record import Run, Summary
from analysis.experiments.runs.store import write_summary
from analysis.project import Project


def renew(study: Study, current: Sequence[Run]) -> Summary:
    """Write what is told of the experiment of ``study``; ``current`` are its runs by now."""
    inputs = inputs_of(study.project, current)
    return _write(study.project, about(study), {run.run for run in current}, inputs)


def about(study: Study) -> About:
    """Say what is declared of an experiment."""
    resolved, experiment = study.resolved, study.experiment
    return About(
        experiment=study.declared.name,
        question=" ".join(experiment.question.split()),
        owner=experiment.owner,
        task=resolved.task,
        sample=resolved.description.sample,
        features=resolved.description.features,
        target=resolved.target,
        positive=resolved.positive,
        metrics=resolved.metrics,
        split=resolved.split.label,
        blocks=resolved.blocks.label,
        candidates=len(resolved.checked.candidates),
        baseline=resolved.checked.baseline,
        declaration=study.declared.yaml.mark,
    )


def renew_without(project: Project, summary: Summary, baseline: str | None) -> Summary:
    """Write anew what is told of an experiment of which runs were removed.

    ``baseline`` is the candidate of the run that was it.
    """
    told = About(
        **{name: getattr(summary, name) for name in _KEPT},
        metrics=tuple(find_metric(name, summary.task) for name in summary.metrics),
        baseline=baseline,
    )
    return _write(project, told, summary.current, summary.inputs)


_KEPT = (
    *("experiment", "question", "owner", "task", "sample", "features", "target", "positive"),
    *("split", "blocks", "candidates", "declaration"),
)


def _write(
    project: Project, told: About, current: Collection[str], inputs: Mapping[str, str]
) -> Summary:
    summary = summarize(project, told, current, inputs)
    write_summary(project, summary)
    return summary
