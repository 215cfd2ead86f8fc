"""``analysis model validate``: whether a version predicts the same wherever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def validate(
    name: Annotated[
        str, typer.Argument(metavar="NAME[@V]", help="A model; with a number or a stage of it.")
    ],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="A server; by default one is started."),
    ] = None,
    postgres: Annotated[
        str | None,
        typer.Option(
            "--postgres",
            metavar="URL",
            envvar="ANALYSIS_POSTGRES",
            help="A PostgreSQL server: postgresql://user:${PASSWORD}@host/name.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Put golden cases through Python, the API and SQL, and keep the parity certificate.

    Without a version, it is the champion, or the newest if there is none. The key for the server
    is taken from ANALYSIS_API_KEY.

    Example: analysis model validate late-flights@2
    """
    from dataclasses import asdict

    from analysis.cli.experiment.words import dumped
    from analysis.cli.model.opened import found, opened
    from analysis.cli.model.proving import Through, prove, told
    from analysis.errors import ExitCode
    from analysis.models.registry.stages import name_of
    from analysis.project import find_project

    registry = opened(find_project(folder))
    version, _ = found(registry, name)
    proof = prove(registry, version, Through(url, postgres))
    if as_json:
        print(dumped({"name": name_of(version), "version": version.id, **asdict(proof)}))
    else:
        print(f"{name_of(version)}\n")
        for line in told(proof):
            print(line)
    if not proof.passed:
        raise typer.Exit(ExitCode.SOME_FAILED)
