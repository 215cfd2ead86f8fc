"""What a run is: of which candidate, on which rows, with what end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.report.data.layout import badge, facts
from analysis.report.experiments.links import experiment_link, view_link
from analysis.report.experiments.notice import notice
from analysis.report.experiments.run.read import record
from analysis.report.experiments.words import (
    estimator,
    megabytes,
    moment,
    parameter,
    plural,
    seconds,
    size,
)
from analysis.report.formats import number
from analysis.report.html import Html, code, join, tag
from analysis.report.palette import CATEGORIES, WARM

if TYPE_CHECKING:
    from analysis.experiments.runs.record import Run


def about_run(experiment: str, run: str, current: bool = True) -> Html:
    """Say what a run is, and how it ended; of an earlier one, that it is out of date."""
    told = record(experiment, run)
    return join(
        [
            None if current else notice(WARM, "An earlier run", _EARLIER),
            _failure(told),
            facts(_facts(told)),
        ]
    )


_EARLIER = (
    "Since it ran, the data, the candidate, the split, the code or the versions of packages have "
    "changed, or the candidate is no longer declared. Its numbers do not belong beside those of "
    "current runs."
)


def _failure(run: Run) -> Html | None:
    if run.failure is None:
        return None
    told = tag("p", code(run.failure.what), style="margin:.3em 0")
    return notice(WARM, f"It failed during {run.failure.during}", told)


def _facts(run: Run) -> Mapping[str, object]:
    done = run.status == "done"
    return {
        "Experiment": experiment_link(run.experiment),
        "Status": badge(run.status, CATEGORIES[2] if done else WARM),
        "Candidate": run.candidate,
        "Of the search space": None if run.family == run.candidate else run.family,
        "Estimator": estimator(run.estimator),
        "Target": _target(run),
        "Rows": f"{number(run.data.rows)}, of {run.data.sample}",
        "Split": run.split.label,
        "Blocks": _blocks(run),
        "Run": join([moment(run.created), " as ", code(run.run)]),
        "Time": _times(run) if done else None,
        "Memory": f"{megabytes(run.memory_mb)} at its peak" if run.memory_mb else None,
        "Model": size(run.model.bytes) if run.model else None,
    }


def _target(run: Run) -> Html:
    positive = join([", positive where it is ", code(run.data.positive)])
    return join([code(run.data.target), positive if run.data.positive else None])


def _blocks(run: Run) -> str:
    if run.blocks.count == run.data.rows:
        return "each row is one"
    return f"{number(run.blocks.count)}, of one {run.blocks.label} each"


def _times(run: Run) -> str:
    times = run.seconds
    parts = [f"{seconds(times.fit)} to fit", f"{seconds(times.score)} to score"]
    return ", ".join([*parts, f"{seconds(times.diagnose)} for curves and importance"])


def run_features(experiment: str, run: str) -> Html:
    """List the columns that the model takes, by the view that they come from."""
    told = record(experiment, run)
    items = [
        tag("li", view_link(view), ": ", ", ".join(columns))
        for view, columns in told.data.features.items()
    ]
    count = sum(len(columns) for columns in told.data.features.values())
    return join([tag("p", f"The model takes {plural(count, 'column')}."), tag("ul", *items)])


def run_parameters(experiment: str, run: str) -> Html:
    """List the parameters that were set, and the whole recipe on request."""
    told = record(experiment, run)
    known = {name: code(parameter(value)) for name, value in told.parameters.items()}
    shown = facts(known) if known else tag("p", "No parameter was set; all are the library's.")
    return join([shown, folded("The whole recipe", tag("pre", tag("code", _yaml(told.recipe))))])


def _yaml(value: Any) -> str:
    import yaml

    return str(yaml.safe_dump(_plain(value), sort_keys=False, allow_unicode=True)).rstrip()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def folded(title: str, content: object) -> Html:
    """Show something on request."""
    return tag("details", tag("summary", title), content, style="margin-bottom:1.2em")
