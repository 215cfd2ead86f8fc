"""The models of ``data/experiments/<name>.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from analysis.experiments.declared.model import as_split, as_step, listed_steps
from analysis.project.model import Strict, listed

# What a column is to preprocessing, as follows from its type in the warehouse.
ColumnKind = Literal["number", "category", "boolean"]
Unit = Literal["hour", "day", "week", "month", "year"]
Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]


class DatasetSpec(Strict):
    """The rows: a sample view joined with feature views, as for ``analysis.dataset``.

    ``columns`` are those of the sample itself that candidates take, too: parts of its key, say.
    ``target`` is by default what the sample view's header names. ``positive`` is the class that a
    binary experiment is about, ``true`` by default. ``leave_out`` are columns of the feature views,
    by name or as ``view.column``, that no candidate takes: dates, say.
    """

    sample: str = Field(min_length=1)
    features: Annotated[tuple[str, ...], BeforeValidator(listed), Field(min_length=1)]
    columns: Texts = ()
    target: str | None = None
    positive: str | int | bool | None = None
    leave_out: Texts = ()


class SplitSpec(Strict):
    """How rows are split; one of the first four keys is given.

    ``random``: rows by chance. ``group``: rows with the same value of a column stay together.
    ``by``: rows of the same hour, day … of the column ``of`` stay together (by default the time
    of the sample's rows). ``forward``: trained on what comes before in the order of a column.
    """

    random: Literal[True] | None = None
    group: str | None = None
    by: Unit | None = None
    forward: str | None = None
    of: str | None = None
    folds: int = Field(default=5, ge=2, le=50)
    seed: int = Field(default=1, ge=0, lt=2**32)


Split = Annotated[SplitSpec, BeforeValidator(as_split)]


class Step(Strict):
    """An estimator by its dotted path, with parameters; those may hold estimators in turn."""

    estimator: str
    parameters: Mapping[str, Any] = Field(default_factory=dict)


Placed = Annotated[Step, BeforeValidator(as_step)]
Steps = Annotated[tuple[Placed, ...], BeforeValidator(listed_steps)]
Preprocessing = Mapping[ColumnKind, Steps]


class Draws(Strict):
    """A search space from which ``draws`` settings are taken by chance.

    Each parameter has a list of values, ``{from: 0.01, to: 1, log: true}`` or
    ``{from: 2, to: 64, whole: true}``.
    """

    draws: int = Field(ge=1, le=500)
    seed: int = Field(default=1, ge=0, lt=2**32)
    space: Mapping[str, Any] = Field(min_length=1)


class CandidateSpec(Step):
    """One model to try, or a search space of several.

    ``steps`` stand before the estimator, after the preprocessing. ``features`` are views, or
    columns, by name or as ``view.column``; by default all of the dataset. ``preprocessing``
    replaces that of the experiment for the kinds that it names.
    """

    steps: Steps = ()
    features: Texts | None = None
    preprocessing: Preprocessing = Field(default_factory=dict)
    grid: Mapping[str, tuple[Any, ...]] | None = None
    random: Draws | None = None


class Budget(Strict):
    """What a candidate may use: minutes, summed over its folds."""

    max_minutes: float = Field(default=30, gt=0, allow_inf_nan=False)


class Honesty(Strict):
    """Which candidates are looked at under which other splits.

    By default the best candidate, under random rows, and forward where the sample has a time.
    """

    splits: tuple[Split, ...] | None = None
    candidates: Texts | None = None


class Learning(Strict):
    """Shares of the training rows at which a candidate is trained for its learning curve."""

    sizes: tuple[float, ...] = (0.1, 0.3, 1.0)


class Importance(Strict):
    """How often each column is shuffled, on how many rows at most."""

    repeats: int = Field(default=3, ge=1, le=100)
    rows: int = Field(default=20_000, ge=10)


class Experiment(Strict):
    """A question, the rows that may answer it, and the candidates that are compared on them.

    ``metrics``: the first decides. ``baseline`` is a candidate, by default the first dummy
    estimator. ``blocks`` are rows that are drawn together by the bootstrap: a unit of time or a
    column; by default what the split keeps together, else the day of the sample's rows.
    ``false`` for ``learning``, ``importance`` or ``honesty`` leaves it out.
    """

    question: str = Field(min_length=1)
    owner: str | None = None
    dataset: DatasetSpec
    task: Literal["classification", "regression"] | None = None
    split: Split
    blocks: str | None = None
    metrics: Annotated[tuple[str, ...], BeforeValidator(listed), Field(min_length=1)]
    baseline: str | None = None
    budget: Budget = Field(default_factory=Budget)
    preprocessing: Preprocessing = Field(default_factory=dict)
    candidates: Mapping[str, Annotated[CandidateSpec, BeforeValidator(as_step)]] = Field(
        min_length=1
    )
    honesty: Honesty | Literal[False] = Field(default_factory=Honesty)
    learning: Learning | Literal[False] = Field(default_factory=Learning)
    importance: Importance | Literal[False] = Field(default_factory=Importance)
    draws: int = Field(default=400, ge=100, le=5000)
