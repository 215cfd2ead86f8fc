"""A dataset and a fitted pipeline as one query over a warehouse, or over the tables of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from analysis.errors import DatasetError, ModelError
from analysis.models.bundle.record import Bundle
from analysis.models.sql.compile import INPUT, compiled
from analysis.models.sql.written import DIALECTS, written
from analysis.project import Project

if TYPE_CHECKING:
    from analysis.warehouse.datasets.composition import Chosen, Composition
    from analysis.warehouse.datasets.dataset import Dataset

# Stands for the text of the dataset while the query is a tree.
_DATASET = "@the_dataset@"


def model_sql(
    project: Project,
    pipeline: Any,
    bundle: Bundle,
    *,
    dialect: str = "duckdb",
    inline: bool = False,
    sample: str | None = None,
    tables: Mapping[str, str] | None = None,
) -> str:
    """Write one query that gives the key and the outputs of a model for each row of a sample.

    Parameters
    ----------
    dialect, inline, tables
        As `analysis.warehouse.datasets.dataset.Dataset.sql` takes them.
    sample
        Another sample view than that of the training, with the same key and the columns that the
        model takes of it. It needs no target.

    Raises
    ------
    UncompilableError
        A step cannot be written as SQL; which one, and why.
    DatasetError
        The views do not fit together, or cannot be written for another database.
    ModelError
        The sample has another key, or the dialect is not known or needs ``inline``.
    """
    _check_dialect(dialect, inline)
    made = dataset_of(project, bundle, sample)
    text = made.sql(inline=inline, dialect=dialect, tables=tables)
    # In SQLite, all queries after WITH see each other: no name may be that of a table within.
    taken = frozenset(re.findall(r"\w+", text.lower()))
    source = INPUT
    while source in taken:
        source += "_"
    query = compiled(pipeline, bundle, [key.name for key in bundle.key], source, taken)
    return _joined(query, source, text, dialect)


def _check_dialect(dialect: str, inline: bool) -> None:
    if dialect not in DIALECTS:
        raise ModelError(
            f"there is no dialect `{dialect}`", hint=f"choose one of {', '.join(DIALECTS)}"
        )
    if dialect != "duckdb" and not inline:
        raise ModelError(
            f"only a query that stands for itself can be written for {dialect}",
            hint="add `--inline`: the views of the warehouse are in it, too",
        )


def dataset_of(project: Project, bundle: Bundle, sample: str | None = None) -> Dataset:
    """Make the dataset with only the columns, and the views, that a model needs.

    Raises
    ------
    DatasetError
        The views do not fit together.
    ModelError
        The sample has another key, or not all columns.
    """
    from analysis.warehouse.datasets.dataset import dataset

    used = {field.relation for field in bundle.fields}
    named = [view for view in bundle.features if view != bundle.sample]
    features = [view for view in named if view in used] or named[:1]
    made = dataset(bundle.model, sample or bundle.sample, features, start=project.root)
    columns = tuple(_needed(bundle, made.composition))
    kept = tuple(part for part in made.composition.features if any(c.part == part for c in columns))
    return replace(made, composition=replace(made.composition, columns=columns, features=kept))


def _needed(bundle: Bundle, composition: Composition) -> Iterator[Chosen]:
    sample = composition.sample.view
    key = [key.name for key in bundle.key]
    if {name.lower() for name in key} != {name.lower() for name in sample.key}:
        raise ModelError(
            f"the rows of `{sample.name}` are told apart by {_listed(sample.key)}, and those of "
            f"the model `{bundle.model}` by {_listed(key)}",
            sample.where,
            "name a sample with the same key",
        )
    names = dict.fromkeys([*key, *(field.name for field in bundle.fields)])
    for name in names:
        try:
            found = composition.find(name)
        except DatasetError:
            raise ModelError(
                f"`{sample.name}` has no column `{name}`, which the model `{bundle.model}` takes",
                sample.where,
                "select it in the sample as well",
            ) from None
        yield replace(found, name=name)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _joined(query: exp.Select, source: str, text: str, dialect: str) -> str:
    """Put the text of the dataset in front, as it is: what DuckDB has is not all in sqlglot."""
    alias = exp.TableAlias(this=exp.to_identifier(source, quoted=True))
    first = exp.CTE(this=exp.select("*").from_(exp.Var(this=_DATASET)), alias=alias)
    query.args["with_"].set("expressions", [first, *query.ctes])
    whole = written(query, dialect)
    placed = re.compile(rf"\(\s*SELECT\s+\*\s+FROM\s+{_DATASET}\s*\)")
    assert len(placed.findall(whole)) == 1
    return placed.sub(lambda _: f"(\n{text}\n)", whole)
