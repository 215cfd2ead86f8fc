"""What an experiment has come to, in a few lines after it has run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.cli.experiment.progress import measured

if TYPE_CHECKING:
    from analysis.experiments.running.run import Result
    from analysis.experiments.runs.record import Run


def outcome(name: str, result: Result) -> Iterator[str]:
    """Say what was done, which candidate is the best, which failed, and where to look next."""
    yield f"{name}: {_done(result)}"
    known = {run.run: run for run in result.current}
    if leader := known.get(result.summary.leader or ""):
        yield f"{'best':<8} {leader.candidate}  {measured(leader)}{_others(result, leader)}"
    made = {run.run for run in result.made}
    for run in result.current:
        if run.failure and run.run not in made:
            told = f"{run.failure.what} ({run.failure.during})"
            yield f"{'failed':<8} {run.candidate}  {told}; --retry makes it again"
    for what, count in result.lacking.items():
        those = "1 run was" if count == 1 else f"{count} runs were"
        yield f"{'lacking':<8} {what}: {those} made before it was declared; --retry makes again"
    if leader:
        yield f"{'look':<8} analysis experiment show {name}"


def _done(result: Result) -> str:
    failed = sum(run.status == "failed" for run in result.current)
    parts = [f"{len(result.made)} made"] if result.made else []
    parts += [f"{len(result.judged)} judged anew"] if result.judged else []
    kept = len(result.current) - len(result.made) - len(result.judged)
    parts += [f"{kept} there already"] if kept else []
    parts += [f"{failed} failed"] if failed else []
    return ", ".join(parts) or "no runs"


def _others(result: Result, leader: Run) -> str:
    """Say how many candidates are as good, as far as one can tell."""
    compared = [
        one
        for one in result.summary.comparisons
        if one.against == "best" and one.metric == leader.metrics[0].name
    ]
    if not compared:
        return ""
    same = sum(not one.distinguishable for one in compared)
    if not same:
        return f"; better than all {len(compared)} others"
    verb = "is" if same == 1 else "are"
    return f"; {same} of {len(compared)} others {verb} not distinguishable from it"
