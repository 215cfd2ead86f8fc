"""What changed between two runs: what they were made of, their metrics, and single predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.experiments.comparing.changes import Change, changes, flattened
from analysis.experiments.comparing.compared import compare
from analysis.experiments.comparing.flips import Flips, flips
from analysis.experiments.comparing.measured import measured
from analysis.experiments.runs import store
from analysis.experiments.runs.record import Best, Comparison, MetricValue, Run
from analysis.project import Project


@dataclass(frozen=True)
class MetricChange:
    """A metric of both runs; ``difference`` is now less then, as in ``record.Comparison``."""

    name: str
    best: Best
    then: float | None
    now: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    distinguishable: bool = False
    paired: bool = False


@dataclass(frozen=True)
class Diff:
    """What is not the same in the run ``now`` as in the run ``then``.

    ``about`` has the experiment, candidate, estimator, data, split and blocks; ``recipe`` is what
    changed in preprocessing, steps and shared parameters. ``columns`` are those that both have and
    whose content is another: features as ``view.column``, then key and target; ``added`` and
    ``removed`` are features, ``reordered`` says that those which both have stand in another order.
    ``code`` are modules, whose values are fingerprints.
    """

    then: Run
    now: Run
    about: tuple[Change, ...]
    parameters: tuple[Change, ...]
    recipe: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reordered: bool
    columns: tuple[str, ...]
    seeds: tuple[Change, ...]
    code: tuple[Change, ...]
    packages: tuple[Change, ...]
    metrics: tuple[MetricChange, ...]
    flips: Flips

    @property
    def is_same_made(self) -> bool:
        """Say whether both were made of the same, so that their metrics should be equal."""
        made = self.parameters, self.recipe, self.added, self.removed, self.columns, self.seeds
        told = [change for change in self.about if change.name not in ("experiment", "candidate")]
        return not (any(made) or self.reordered or self.code or self.packages or told)


def diff(project: Project, then: Run, now: Run, most: int = 20) -> Diff:
    """Say what changed from one run to another; at most so many predictions that flipped."""
    mine, its = _features(then), _features(now)
    return Diff(
        then=then,
        now=now,
        about=changes(_about(then), _about(now)),
        parameters=changes(then.parameters, now.parameters),
        recipe=_recipe(then, now),
        added=tuple(name for name in its if name not in mine),
        removed=tuple(name for name in mine if name not in its),
        reordered=[n for n in mine if n in its] != [n for n in its if n in mine],
        columns=_other_content(then, now),
        seeds=changes(then.seeds, now.seeds),
        code=changes(then.origin.code, now.origin.code),
        packages=changes(then.origin.packages, now.origin.packages),
        metrics=_metrics(project, then, now),
        flips=flips(project, then, now, most),
    )


def _about(run: Run) -> dict[str, Any]:
    return {
        "experiment": run.experiment,
        "candidate": run.candidate,
        "task": run.task,
        "status": run.status,
        "estimator": run.estimator,
        "sample": run.data.sample,
        "target": run.data.target,
        "positive": run.data.positive,
        "classes": ", ".join(run.data.classes),
        "rows": run.data.rows,
        "split": run.split.label,
        "rows of the folds": run.split.digest,
        "blocks": run.blocks.label,
        "python": run.origin.python,
        "platform": run.origin.platform,
    }


def _recipe(then: Run, now: Run) -> tuple[Change, ...]:
    """Compare what the parameters do not tell already; features are told of by themselves."""
    told = ("estimator", "features")
    mine, its = (
        {path: value for path, value in flattened(run.recipe) if path.split(".")[0] not in told}
        for run in (then, now)
    )
    known = {(repr(c.then), repr(c.now)) for c in changes(then.parameters, now.parameters)}
    return tuple(
        change
        for change in changes(mine, its)
        if "parameters" not in change.name.split(".")
        or (repr(change.then), repr(change.now)) not in known
    )


def _features(run: Run) -> tuple[str, ...]:
    return tuple(f"{view}.{name}" for view, names in run.data.features.items() for name in names)


def _other_content(then: Run, now: Run) -> tuple[str, ...]:
    mine, its = _content(then), _content(now)
    return tuple(name for name in mine if name in its and mine[name] != its[name])


def _content(run: Run) -> Mapping[str, str]:
    known, features = run.data.columns, run.data.features
    found = {f"{view}.{name}": known.get(name, "") for view in features for name in features[view]}
    return {**found, **{name: known.get(name, "") for name in (*run.data.key, run.data.target)}}


def _metrics(project: Project, then: Run, now: Run) -> tuple[MetricChange, ...]:
    best = {metric.name: metric.best for metric in (*then.metrics, *now.metrics)}
    mine, its = (measured(run, [*best], store.replicates_of(project, run)) for run in (then, now))
    told = {gap.metric: gap for gap in compare([its], mine, "best", [*best])}
    return tuple(
        _metric(name, where, (then.metric(name), now.metric(name)), told.get(name))
        for name, where in best.items()
    )


def _metric(
    name: str,
    best: Best,
    values: tuple[MetricValue | None, MetricValue | None],
    gap: Comparison | None,
) -> MetricChange:
    before, after = (metric.value if metric else None for metric in values)
    if gap is None:
        return MetricChange(name, best, before, after)
    return MetricChange(
        name=name,
        best=best,
        then=before,
        now=after,
        difference=gap.difference,
        low=gap.low,
        high=gap.high,
        p=gap.p,
        distinguishable=gap.distinguishable,
        paired=gap.paired,
    )
