"""``analysis experiment run``: make the runs that an experiment wants and that are missing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import ExitCode


def run(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="An experiment; all of them by default.")
    ] = None,
    folder: Annotated[Path, typer.Argument(help="A folder of the project.")] = Path(),
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Fits at once; default: all cores.")
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Make failed and lacking runs again.")
    ] = False,
) -> None:
    """Train and judge the candidates of an experiment that have no run yet.

    A run is made once. Where other metrics, draws or blocks are declared than it was judged by, it
    is judged anew from its predictions. Where `learning` or `importance` is declared only since it
    was made, it lacks that until `--retry`. Ends with exit code 1 if a candidate failed.

    Example: analysis experiment run late-flights --jobs 4
    """
    from analysis.cli.experiment.outcome import outcome
    from analysis.cli.experiment.progress import progress
    from analysis.cli.workflow import locked
    from analysis.experiments.declared.file import experiment_names, read_experiment
    from analysis.experiments.running.run import Options, run_experiment
    from analysis.project import find_project

    project = find_project(folder)
    names = [name] if name else experiment_names(project)
    declared = [read_experiment(project, each) for each in names]
    options = Options(jobs or os.cpu_count() or 1, retry)
    failed = 0
    with locked(project):
        for one in declared:
            with progress(options.jobs) as shown:
                result = run_experiment(project, one, options, shown.report)
            for line in outcome(one.name, result):
                print(line, flush=True)
            failed += sum(run.status == "failed" for run in result.current)
    if failed:
        raise typer.Exit(ExitCode.SOME_FAILED)
