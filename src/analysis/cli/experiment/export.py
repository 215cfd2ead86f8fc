"""``analysis experiment export``: write runs for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An experiment.")],
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    *,
    mlflow: Annotated[
        str,
        typer.Option(
            "--mlflow", metavar="DIR_OR_URL", help="A folder, or the address of an MLflow server."
        ),
    ],
) -> None:
    """Write the runs of an experiment for MLflow; those that are there stay as they are.

    Example: analysis experiment export late-flights --mlflow mlruns
    """
    from analysis.cli.experiment.names import find_experiment, not_run_yet
    from analysis.experiments.exporting.mlflow import export as write
    from analysis.project import find_project
    from analysis.redaction import fill

    project = find_project(folder)
    tried = find_experiment(project, name)
    if tried is None:
        print(not_run_yet(name))
        return
    target = fill(mlflow)
    done = write(project, tried.summary, target, Path.cwd())
    there = f", {len(done.known):,} were there already" if done.known else ""
    count = "1 run" if len(done.written) == 1 else f"{len(done.written):,} runs"
    print(f"exported {count} of {name} to {target}{there}")
    if done.is_folder:
        print("MLflow reads a folder where MLFLOW_ALLOW_FILE_STORE=true is set")
