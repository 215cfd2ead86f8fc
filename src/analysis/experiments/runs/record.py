"""What is told of a run in its ``run.json``: everything that is needed to judge and repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.lineage.system import RUNS_FORMAT

# Raised when what a run means changes; runs of another format are made again.
FORMAT = RUNS_FORMAT

# Where a metric is best: high, low, at one or at nought.
Best = Literal["high", "low", "one", "zero"]
Task = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True)
class Failure:
    """Why a run failed, in one sentence, and while it did what: ``fold 3 of 5``."""

    what: str
    during: str


@dataclass(frozen=True)
class MetricValue:
    """A metric of a run: the mean over the folds, with two intervals of 95 %.

    ``low`` and ``high`` are of the block bootstrap; ``fold_low`` and ``fold_high`` follow from the
    folds, with the corrected variance of Nadeau and Bengio (2003). ``None``: it cannot be had.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    fold_low: float | None
    fold_high: float | None
    best: Best


@dataclass(frozen=True)
class FoldRecord:
    """One fold: rows, seconds, peak memory in megabytes, and each metric by name."""

    fold: int
    train_rows: int
    test_rows: int
    fit_seconds: float
    score_seconds: float
    memory_mb: float
    metrics: Mapping[str, float | None]


@dataclass(frozen=True)
class SplitRecord:
    """How rows were split. ``label`` says it to a person: ``by day, 5 folds``.

    ``kind`` is ``random``, ``group``, ``by`` or ``forward``; ``digest`` tells whether two runs had
    the same rows in the same folds.
    """

    kind: str
    column: str | None
    unit: str | None
    folds: int
    seed: int
    label: str
    digest: str


@dataclass(frozen=True)
class BlockRecord:
    """The blocks of rows that are drawn together: how many, and of what (``day``, a column).

    ``digest`` tells whether two runs have the same rows in the same blocks, so that their
    replicates were drawn together. ``count`` equals the rows where each is a block.
    """

    label: str
    count: int
    digest: str


@dataclass(frozen=True)
class DataRecord:
    """The rows that a run was trained on; ``columns`` are fingerprints of content by column.

    ``features`` are the columns of each feature view, in the order in which the model takes them.
    Views are named with their schema: ``samples.arrivals``, ``features.weather``; columns of the
    sample that the model takes stand under the sample.
    """

    sample: str
    features: Mapping[str, tuple[str, ...]]
    key: tuple[str, ...]
    target: str
    positive: str | None
    classes: tuple[str, ...]
    rows: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class FileRecord:
    """A file beside ``run.json``, with its size in bytes and its SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Seconds:
    """Where the time went, summed over processes: fits of folds, their scores, all other."""

    fit: float
    score: float
    diagnose: float


@dataclass(frozen=True)
class Origin:
    """Where and of what a run was made. ``dirty``: the project had uncommitted changes.

    ``code`` are fingerprints of the project's own modules that the candidate imports.
    """

    commit: str | None
    dirty: bool | None
    code: Mapping[str, str]
    packages: Mapping[str, str]
    python: str
    platform: str


@dataclass(frozen=True)
class Run:
    """One trained candidate of an experiment.

    ``run`` is its short name, the first digits of ``key``, the fingerprint of all that it depends
    on. ``role`` is ``honesty`` where a candidate is only looked at under another split.
    ``family`` is the declared candidate, of which a search space makes several. ``parameters`` are
    the declared ones, flat; ``recipe`` is all that the candidate is made of. ``metrics`` are in
    the order of the specification: the first decides. Files are ``None`` where a run failed.
    """

    format: int
    run: str
    key: str
    experiment: str
    candidate: str
    family: str
    role: Literal["candidate", "honesty"]
    status: Literal["done", "failed"]
    failure: Failure | None
    created: str
    task: Task
    estimator: str
    parameters: Mapping[str, Any]
    recipe: Mapping[str, Any]
    data: DataRecord
    split: SplitRecord
    blocks: BlockRecord
    metrics: tuple[MetricValue, ...]
    folds: tuple[FoldRecord, ...]
    seconds: Seconds
    memory_mb: float
    seeds: Mapping[str, int]
    model: FileRecord | None
    predictions: FileRecord | None
    origin: Origin
    command: str

    def metric(self, name: str) -> MetricValue | None:
        """Give a metric by name."""
        return next((metric for metric in self.metrics if metric.name == name), None)


@dataclass(frozen=True)
class Curve:
    """Points of a curve of a run, in ``curves.json``.

    ``curve`` is ``roc``, ``precision_recall``, ``calibration``, ``learning`` (x: rows to train on),
    ``iteration`` (x: number of it) or ``importance`` (x: place in the order, ``names`` the columns;
    y: loss of the first metric when the column is shuffled). ``series`` tells several apart:
    ``train`` and ``test``, a class; ``value`` in a regression. ``n`` are rows behind each point.
    """

    curve: str
    series: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None
    n: tuple[int, ...] | None = None
    names: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Comparison:
    """The difference of a run from another: ``difference`` is the run's value less the other's.

    ``low`` and ``high`` are of the paired block bootstrap, ``p`` of the corrected resampled t-test
    (Nadeau and Bengio 2003). ``distinguishable`` only where both tell them apart, the bootstrap
    among all runs at once (``comparing.simultaneous``). ``paired`` is false where they had not the
    same rows in the same blocks. ``against`` is ``split`` for a run of role
    ``honesty``: the other is the same candidate under the declared split, and there is no ``p``.
    """

    run: str
    other: str
    against: Literal["best", "baseline", "split"]
    metric: str
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    distinguishable: bool
    paired: bool


@dataclass(frozen=True)
class Listed:
    """A run in the list of its experiment; ``current`` if it is of what is declared now."""

    run: str
    digest: str
    current: bool


@dataclass(frozen=True)
class Summary:
    """What is told of an experiment in its ``experiment.json``, renewed after each command.

    ``leader`` and ``baseline`` are runs; ``candidates`` counts those that are declared, search
    spaces counted out. ``inputs`` are fingerprints of the columns that current runs were trained
    on, as ``runs.inputs.inputs_of`` gave them when these were last found to be current.
    ``selection_bias`` says how much the leader's first metric flatters it, as it was chosen by that
    (Tibshirani and Tibshirani 2009); it is never below nought. ``declaration`` is a fingerprint of
    what its file said when it was last run.
    """

    format: int
    experiment: str
    question: str
    owner: str | None
    task: Task
    sample: str
    features: tuple[str, ...]
    target: str
    positive: str | None
    metric: str
    best: Best
    metrics: tuple[str, ...]
    split: str
    blocks: str
    candidates: int
    leader: str | None
    baseline: str | None
    updated: str
    runs: tuple[Listed, ...]
    comparisons: tuple[Comparison, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    selection_bias: float | None = None
    declaration: str | None = None

    @property
    def current(self) -> frozenset[str]:
        """Name the runs that are of what was declared when the experiment was last run."""
        return frozenset(listed.run for listed in self.runs if listed.current)
