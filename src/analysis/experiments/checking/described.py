"""What the warehouse tells of the rows of an experiment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import DatasetError, Location
from analysis.experiments.checking.kinds import is_class
from analysis.experiments.declared.file import Declared
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.warehouse.datasets.dataset import Dataset

# A target with more classes is a number, or an identifier.
MOST_CLASSES = 100


@dataclass(frozen=True)
class Column:
    """A column of the dataset, its type in DuckDB, and the view that it is of."""

    name: str
    type: str
    view: str


@dataclass(frozen=True)
class Target:
    """What the values of the target are: rows without one, rows of each class, by its text.

    ``classes`` is ``None`` where the values are no classes; of too many, some are left out.
    ``odd`` are rows whose number is not finite.
    """

    missing: int
    odd: int
    classes: Mapping[str, int] | None


@dataclass(frozen=True)
class Description:
    """A sample joined with feature views, before its rows are read.

    ``time`` is the column of the sample that says for which moment a row stands. ``target`` is
    what the experiment or the sample's header names; ``values`` is ``None`` without such a column.
    """

    sample: str
    features: tuple[str, ...]
    key: tuple[str, ...]
    time: str | None
    target: str | None
    columns: tuple[Column, ...]
    rows: int
    values: Target | None

    def find(self, name: str) -> Column | None:
        """Find a column, written in any case."""
        return next((c for c in self.columns if c.name.lower() == name.lower()), None)


def describe(project: Project, declared: Declared) -> tuple[Dataset, Description]:
    """Make the dataset of an experiment, which checks it, and ask for what `resolve` needs.

    Raises
    ------
    DatasetError
        Its views do not fit together, or a check of them fails; with file and line.
    """
    made = _made(project, declared)
    sample = made.composition.sample.view
    described = Description(
        sample=sample.name,
        features=made.features,
        key=sample.key,
        time=sample.available_at,
        target=declared.experiment.dataset.target or sample.target,
        columns=tuple(Column(c.name, c.type, c.part.view.name) for c in made.composition.columns),
        rows=made.count(),
        values=None,
    )
    target = described.find(described.target or "")
    return made, described if target is None else replace(described, values=_ask(made, target))


def _made(project: Project, declared: Declared) -> Dataset:
    from analysis.warehouse.datasets.dataset import dataset

    spec = declared.experiment.dataset
    try:
        return dataset(declared.name, spec.sample, spec.features, start=project.root)
    except DatasetError as error:
        if error.where is None:
            error = DatasetError(error.what, _named(error.what, declared), error.hint)
        raise error from None


def _named(what: str, declared: Declared) -> Location:
    """Find the view that a message is of, where the experiment names it."""
    spec = declared.experiment.dataset
    for index, name in enumerate(spec.features):
        full = name if "." in name else f"features.{name}"
        if f"`{full.lower()}`" in what:
            return declared.yaml.where("dataset", "features", index)
    return declared.yaml.where("dataset", "sample")


def _ask(made: Dataset, target: Column) -> Target:
    from analysis.warehouse.connection import connect
    from analysis.warehouse.sql import identifier

    name = identifier(target.name)
    sample = made.composition.sample.view
    # Features need not be joined for what the sample has itself.
    source = f"from {sample.quoted if target.view == sample.name else f'({made.sql()})'} as rows_"
    odd = f"not isfinite({name})" if target.type in ("DOUBLE", "FLOAT") else "false"
    classes = None
    with connect(made.project) as con:
        [(missing, strange)] = con.execute(
            f"select count(*) filter ({name} is null), count(*) filter ({odd}) {source}"
        ).fetchall()
        if is_class(target.type):
            rows = con.execute(
                f"select {name}::varchar as class, count(*) {source} where {name} is not null "
                f"group by class order by class limit {MOST_CLASSES + 1}"
            ).fetchall()
            classes = {str(text): int(count) for text, count in rows}
    return Target(int(missing), int(strange), classes)
