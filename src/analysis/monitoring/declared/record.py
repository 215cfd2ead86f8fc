"""What is declared of the monitoring of a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from analysis.errors import Location

FILE = "data/monitors.yml"

Period = Literal["day", "week", "month", "quarter"]
Reference = Literal["training", "previous", "season"]
Severity = Literal["watch", "act"]
# What a threshold is: the number itself, a share of the reference, or a multiple of the floor.
Against = Literal["value", "reference", "floor"]


@dataclass(frozen=True)
class Segment:
    """A column by which a report is split: a field of the model, or a column of its key.

    ``edges`` cut numbers into parts; without them the bins of a field are taken, or the values of a
    column of the key.
    """

    column: str
    edges: tuple[float, ...] = ()


@dataclass(frozen=True)
class Rule:
    """When an alert opens: the metric is ``below`` or ``above`` in ``k`` of the last ``n`` periods.

    ``of`` is the field or the segment (as `MEASURED.of`), empty for all rows, ``*`` for each one.
    ``against`` says what ``below`` and ``above`` are multiplied with. A period with less than
    ``least`` rows does not count. ``name`` is unique among the rules of a model.
    """

    name: str
    metric: str
    of: str
    below: float | None
    above: float | None
    against: Against
    k: int
    n: int
    severity: Severity
    who: str | None
    why: str | None
    least: int
    where: Location


@dataclass(frozen=True)
class Monitor:
    """How a model is monitored. All has defaults: a model that is not declared can be, too.

    ``time`` is the column of the key, or the field, that says when what is predicted happens;
    else it is when it was asked. ``wait_days`` is how long after that labels may come and are not
    late. ``threshold`` is the probability from which a row is flagged as positive. ``retain_days``:
    older rows of the log and labels are removed, and their counts stay. ``notify`` are addresses as
    Apprise takes them, in which ``$NAME`` is a variable of the environment.
    """

    model: str
    title: str | None = None
    time: str | None = None
    period: Period = "month"
    reference: Reference = "training"
    threshold: float = 0.5
    wait_days: float = 14.0
    retain_days: int | None = None
    least: int = 100
    segments: tuple[Segment, ...] = ()
    rules: tuple[Rule, ...] = ()
    notify: tuple[str, ...] = ()
    where: Location = field(default_factory=lambda: Location(FILE))
