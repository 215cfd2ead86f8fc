"""``analysis model sql``: a version of a model as one query."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analysis.models.bundle.record import Version
    from analysis.models.registry.registry import Registry
    from analysis.project import Project


def sql(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    dialect: Annotated[
        str, typer.Option(help="Of the query: duckdb, postgres, sqlite, spark or bigquery.")
    ] = "duckdb",
    inline: Annotated[
        bool, typer.Option("--inline", help="Read the tables of the sources, and no view.")
    ] = False,
    sample: Annotated[
        str | None, typer.Option(help="Another sample view, with the same key.")
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="RELATION=TABLE", help="Another name for a relation, with --inline."),
    ] = None,
) -> None:
    """Print one query: features, sample, preprocessing and the model's formula, with the key.

    Without `--inline` it reads the views of the warehouse.

    Example: analysis model sql late-flights --inline --dialect postgres > late.sql
    """
    from analysis.cli.model.opened import found, opened
    from analysis.project import find_project

    project = find_project(folder)
    registry = opened(project)
    version, _ = found(registry, name)
    tables = dict(_pair(told) for told in table or ())
    print(_written(project, registry, version, dialect, inline, sample, tables))


def _written(
    project: Project,
    registry: Registry,
    version: Version,
    dialect: str,
    inline: bool,
    sample: str | None,
    tables: dict[str, str],
) -> str:
    from analysis.models.predicting.predictor import open_predictor
    from analysis.models.sql.term import UncompilableError
    from analysis.models.sql.whole import model_sql

    told = version.bundle.uncompiled
    try:
        if told:
            raise UncompilableError(told.step, told.why)
        predictor = open_predictor(registry.folder(version), project)
        return model_sql(
            project,
            predictor.estimator,
            version.bundle,
            dialect=dialect,
            inline=inline,
            sample=sample,
            tables=tables,
        )
    except UncompilableError as error:
        from analysis.errors import ModelError

        raise ModelError(
            f"the model `{version.bundle.model}` cannot be written as SQL: "
            f"step `{error.step}`: {error.why}",
            hint="see what can be compiled in docs/models.md, or use `analysis model predict`",
        ) from None


def _pair(told: str) -> tuple[str, str]:
    relation, equals, table = told.partition("=")
    if not (relation and equals and table):
        raise typer.BadParameter(f"`{told}` is not of the form `raw.flights=public.flights`")
    return relation.strip(), table.strip()
