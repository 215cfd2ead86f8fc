"""What is told of a version of a model in its ``bundle.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.experiments.runs.record import FileRecord, MetricValue, Seconds, Task
from analysis.lineage.system import MODELS_FORMAT

# Raised when what a bundle means changes; bundles of another format are not read.
FORMAT = MODELS_FORMAT

# Files of a bundle.
BUNDLE, MODEL, GOLDEN, CARD = "bundle.json", "model.skops", "golden.json", "card.md"
FEATURES_SQL, PREDICTION_SQL, VALIDATE = "features.sql", "prediction.sql", "validate.py"

# Names of what a model gives, in the API, in files and in SQL alike.
PREDICTION, PROBABILITY = "prediction", "probability"

FieldType = Literal["number", "integer", "boolean", "category"]
ClassType = Literal["text", "boolean", "integer"]


@dataclass(frozen=True)
class Field:
    """A column that the model takes, in aggregates of the rows that it was trained on.

    ``column`` is the relation it is of, with its schema. ``nullable``: the model takes a missing
    value. ``nulls`` is the share of missing ones. Of numbers there are ``low``, ``high`` and
    ``quantiles`` at ``QUANTILES``; booleans have ``mean``. A category has its values, sorted, and
    their ``shares``; ``unseen`` says whether the model takes others. ``personal``: the value
    tells of a person, and is not to be logged.
    """

    name: str
    type: FieldType
    relation: str
    description: str | None
    unit: str | None
    nullable: bool
    nulls: float
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    quantiles: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    unseen: bool = False
    personal: bool = False


QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class KeyField:
    """A column of the key by which rows are looked up, with its type in DuckDB."""

    name: str
    type: str
    personal: bool = False


@dataclass(frozen=True)
class Output:
    """A column that the model gives: ``prediction``, or the probability of the class ``of``.

    Of two classes there is only ``probability``, that of the positive one; of several there are
    ``probability_<class>``, in the order of the classes. A regression has only ``prediction``.
    """

    name: str
    of: str | None = None


def answer_name(output: str) -> str:
    """Name an output in answers of a server: vetiver calls the prediction after its endpoint."""
    return "predict" if output == PREDICTION else output


@dataclass(frozen=True)
class Provenance:
    """Where a version comes from.

    ``columns`` are fingerprints of the content of the columns that it was fitted on; ``commit``
    and ``dirty`` are of the project when it was promoted, ``run_commit`` when the run was made.
    ``refit`` says whether it was fitted anew, on all rows as they were on promotion.
    """

    experiment: str
    run: str
    candidate: str
    refit: bool
    run_commit: str | None
    commit: str | None
    dirty: bool | None
    rows: int
    columns: Mapping[str, str]
    code: Mapping[str, str]
    packages: Mapping[str, str]
    python: str
    platform: str
    seeds: Mapping[str, int]
    command: str


@dataclass(frozen=True)
class Uncompiled:
    """Why a model cannot be written as SQL: the step of its pipeline, and the reason."""

    step: str
    why: str


@dataclass(frozen=True)
class Bundle:
    """One version of a model, apart from the model itself.

    ``classes`` are texts in the order of the model's codes, empty in a regression; ``class_type``
    says how they are written in answers. ``features`` are the columns of each view, as in a run.
    ``metrics`` are those of the run, from cross-validation, with intervals of 95 %.
    ``importance`` is the loss of the first metric when a column is shuffled, where the run has it.
    ``sql`` is ``None`` where the model is compiled. ``files`` are all others of the bundle.
    """

    format: int
    model: str
    created: str
    by: str | None
    why: str | None
    question: str
    task: Task
    estimator: str
    recipe: Mapping[str, Any]
    parameters: Mapping[str, Any]
    classes: tuple[str, ...]
    positive: str | None
    class_type: ClassType
    sample: str
    features: Mapping[str, tuple[str, ...]]
    key: tuple[KeyField, ...]
    target: str
    fields: tuple[Field, ...]
    outputs: tuple[Output, ...]
    split: str
    metrics: tuple[MetricValue, ...]
    importance: Mapping[str, float]
    seconds: Seconds
    uncompiled: Uncompiled | None
    provenance: Provenance
    files: tuple[FileRecord, ...]

    def field(self, name: str) -> Field | None:
        """Give a field by name."""
        return next((field for field in self.fields if field.name == name), None)

    def file(self, name: str) -> FileRecord | None:
        """Give what is told of a file of the bundle."""
        return next((file for file in self.files if file.file == name), None)


@dataclass(frozen=True)
class GoldenCase:
    """Inputs by field, and outputs by name, as JSON has them; ``kind`` says what it is there for.

    Kinds: ``ordinary``, ``category``, ``unseen``, ``null``, ``threshold``, ``edge``.
    """

    kind: str
    inputs: Mapping[str, float | int | bool | str | None]
    outputs: Mapping[str, float | int | bool | str]


@dataclass(frozen=True)
class Check:
    """Golden cases through one way of predicting.

    ``where`` is ``python``, ``api``, ``duckdb``, ``sqlite`` or ``postgres``; ``version`` is that of
    what predicts. ``largest`` is the largest difference of a number, relative to its size if that
    is above 1; ``labels`` counts labels that are others, ``ties`` those among classes that are
    equally probable, which is no fault. ``refused`` are cases beyond the range of training that a
    server is set to refuse; they are not in ``cases``. ``wrong`` says what is wrong whatever the
    numbers are, ``skipped`` why it was not made.
    """

    where: str
    version: str
    cases: int
    largest: float | None
    labels: int
    skipped: str | None = None
    ties: int = 0
    refused: int = 0
    wrong: str | None = None

    def passes(self, tolerance: float) -> bool:
        """Say whether it was made, and the same was predicted."""
        right = self.wrong is None and not self.labels and self.cases > 0
        return not self.skipped and right and (self.largest or 0.0) <= tolerance


@dataclass(frozen=True)
class Certificate:
    """Whether all ways of predicting agree with the golden cases; ``tolerance`` is of numbers."""

    tolerance: float
    cases: int
    checks: tuple[Check, ...]
    packages: Mapping[str, str]
    model_sha256: str
    golden_sha256: str
    passed: bool


Stage = Literal["candidate", "challenger", "champion", "retired"]
STAGES: tuple[Stage, ...] = ("candidate", "challenger", "champion", "retired")


@dataclass(frozen=True)
class Event:
    """Something that happened to a version: its stage was set, or it was validated.

    ``stage`` and ``previous`` are there if ``kind`` is ``stage``, ``certificate`` else. ``at`` is
    UTC, to the microsecond, and orders events.
    """

    format: int
    model: str
    version: str
    kind: Literal["stage", "certificate"]
    at: str
    by: str | None
    why: str | None
    stage: Stage | None = None
    previous: Stage | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True)
class Version:
    """A version of a model as the registry has it.

    ``id`` is the board's name of it, ``number`` its place among all, from 1, which people use:
    ``late-flights@2``. ``stage`` and ``certificate`` follow from its events, the oldest first.
    """

    id: str
    number: int
    bundle: Bundle
    stage: Stage
    events: tuple[Event, ...]
    certificate: Certificate | None
