"""Runs written for MLflow, by its own client: into a folder, or to a server.

A folder is MLflow's file store. Its makers no longer extend it, and since version 3 its client
reads and writes one only where ``MLFLOW_ALLOW_FILE_STORE=true`` is set. It is the one store that
needs neither a server nor a database.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.errors import ExperimentError
from analysis.experiments.exporting.told import Told, told
from analysis.experiments.runs.record import Run, Summary
from analysis.experiments.runs.store import CURVES, MODEL, RECORD, run_folder, runs_of
from analysis.project import Project
from analysis.redaction import Address

if TYPE_CHECKING:
    from mlflow import MlflowClient

_RUN, _CURRENT = "analysis.run", "analysis.current"
# Parameters and numbers that a server takes at once.
_BATCH = 100
_PAGE = 1000
# What the client heeds: it tells nobody of its use, prints no address of each run, and gives up on
# a server that is not there.
_SURROUNDINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
_ALLOWED = "MLFLOW_ALLOW_FILE_STORE"
T = TypeVar("T")


@dataclass(frozen=True)
class Exported:
    """Runs by name that were written, and that were there; ``is_folder``: into a file store."""

    written: tuple[str, ...]
    known: tuple[str, ...]
    is_folder: bool


def export(project: Project, summary: Summary, target: Address, base: Path) -> Exported:
    """Write the runs of an experiment; one that is there already is not written again.

    ``target`` is a URL, or a folder relative to ``base``.

    Raises
    ------
    ExperimentError
        MLflow is not installed, or it says no.
    """
    uri = tracking_uri(target.secret, base)
    found = _mlflow(uri)
    runs = runs_of(project, summary.experiment)
    try:
        written, known = _exported(project, summary, runs, found.MlflowClient(tracking_uri=uri))
    # The client raises kinds of its own, of requests and of the system.
    except Exception as error:
        raise _refused(target, error) from error
    return Exported(written, known, uri.startswith("file:"))


def tracking_uri(target: str, base: Path) -> str:
    """Give the address of a store: a folder becomes one, a URL is one."""
    if "://" in target:
        return target
    return (base / target).resolve().as_uri()


def _mlflow(uri: str) -> Any:
    for name, value in _SURROUNDINGS.items():
        os.environ.setdefault(name, value)
    if uri.startswith("file:"):
        os.environ[_ALLOWED] = "true"
    try:
        return importlib.import_module("mlflow")
    except ImportError as error:
        raise ExperimentError(
            f"MLflow is not installed: {error}", hint="run `pip install 'analysis[mlflow]'`"
        ) from None


def _refused(target: Address, error: Exception) -> ExperimentError:
    if isinstance(error, ModuleNotFoundError):
        return ExperimentError(
            f"MLflow needs the module `{error.name}` to write to {target}",
            hint="install the whole of it: `pip install mlflow`; or name a folder",
        )
    said = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    # What it asked for comes first, and at length.
    said = said.rpartition("(Caused by ")[2].rstrip(")")
    return ExperimentError(
        f"MLflow cannot write to {target}: {target.redact(said)[:300]}",
        hint="name a folder, or the address of a server that runs",
    )


def _exported(
    project: Project, summary: Summary, runs: Sequence[Run], client: MlflowClient
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    experiment = _experiment(client, summary)
    there = _there(client, experiment)
    wanted = summary.current
    for run in runs:
        is_current = run.run in wanted
        if name := there.get(run.run):
            client.set_tag(name, _CURRENT, str(is_current).lower())
        else:
            _write(client, experiment, told(run, summary, is_current), run_folder(project, run))
    names = [run.run for run in runs]
    known = tuple(name for name in names if name in there)
    return tuple(name for name in names if name not in there), known


def _experiment(client: MlflowClient, summary: Summary) -> str:
    found = client.get_experiment_by_name(summary.experiment)
    if found is None:
        created: str = client.create_experiment(
            summary.experiment, tags={"mlflow.note.content": summary.question}
        )
        return created
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    return str(found.experiment_id)


def _there(client: MlflowClient, experiment: str) -> dict[str, str]:
    """Give MLflow's ids of runs that are written whole; others are removed."""
    whole: dict[str, str] = {}
    token = None
    while True:
        page = client.search_runs([experiment], max_results=_PAGE, page_token=token)
        for run in page:
            name = run.data.tags.get(_RUN)
            if name and run.info.status == "RUNNING":
                client.delete_run(run.info.run_id)
            elif name:
                whole[name] = run.info.run_id
        token = page.token
        if not token:
            return whole


def _write(client: MlflowClient, experiment: str, run: Told, folder: Path) -> None:
    from mlflow.entities import Metric, Param

    begun = client.create_run(experiment, run.began, tags=dict(run.tags), run_name=run.name)
    name = begun.info.run_id
    for some in _batches([Param(key, value) for key, value in run.parameters.items()]):
        client.log_batch(name, params=some)
    numbers = [Metric(one.name, one.value, run.ended, one.step) for one in run.numbers]
    for batch in _batches(numbers):
        client.log_batch(name, metrics=batch)
    if run.tags.get("analysis.commit"):
        client.set_tag(name, "mlflow.source.git.commit", run.tags["analysis.commit"])
    for file in (RECORD, CURVES, MODEL):
        if (folder / file).is_file():
            client.log_artifact(name, str(folder / file))
    # Last, for until then the run counts as unfinished, and is written again the next time.
    client.set_terminated(name, "FAILED" if run.failed else "FINISHED", run.ended)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
